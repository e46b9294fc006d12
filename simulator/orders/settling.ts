import { type Order, type Payment } from './order';
import { automatically, type OrderContext, record } from './order-context';
import { isPaid, type OrderStatus } from './order-status';
import { openChargeback } from './chargebacks';

/** The money has reached the merchant's account: from now on the order can be refunded. */
export function settle(context: OrderContext, order: Order): void {
  if (order.settledAt !== null || !isPaid(order.status)) return;
  record(context, order, order.status, 'settled: can be refunded');
  order.settledAt = context.clock.now();
}

/** The merchant's own system has taken the order over. */
export function integrate(context: OrderContext, order: Order): void {
  record(context, order, 'integrado', 'integrated: ready to ship');
  context.publisher.order(order, 'order_integrated');
}

/** The order waits for the merchant's own system. */
export function awaitIntegration(context: OrderContext, order: Order): void {
  record(context, order, 'pendente_integracao', 'waits for integration');
  context.publisher.order(order, 'order_pending_integration');
}

/**
 * Takes the money of a payment. What follows by itself (settlement, integration, a chargeback) is put on the clock.
 * @param cause what happened, for the order's history
 * @param status of an order that was not paid before
 */
export function capture(
  context: OrderContext,
  order: Order,
  payment: Payment,
  cause: string,
  status: OrderStatus = 'aprovado',
): void {
  payment.state = 'paid';
  payment.paidAt = context.clock.now();
  const { method, amount, reference } = payment;
  context.ledger.record('charge', order, { method, cents: amount, reference });
  // A second payment of an order that is paid takes money all the same, and changes nothing else.
  record(context, order, isPaid(order.status) ? order.status : status, cause);
  const { settings } = context;
  if (settings.settle_after_seconds === 0 && settings.automatic) settle(context, order);
  else
    automatically(context, order, settings.settle_after_seconds, (current) => {
      settle(context, current);
    });
  automatically(context, order, settings.integrate_after_seconds, (current) => {
    if (current.status === 'aprovado') integrate(context, current);
  });
  automatically(context, order, settings.chargeback_after_seconds, (current) => {
    if (isPaid(current.status)) openChargeback(context, current);
  });
}
