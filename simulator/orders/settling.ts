import { openChargeback } from './chargebacks';
import { type Order, type Payment } from './order';
import { type OrderContext, record, scheduleAutomaticEvent } from './order-context';
import { isPaid, type OrderStatus } from './order-status';

/** Settles an order: the merchant has the money, and the order can be refunded from now on. */
export function settle(context: OrderContext, order: Order): void {
  if (order.settledAt !== null || !isPaid(order.status)) return;
  record(context, order, order.status, 'settled: can be refunded');
  order.settledAt = context.clock.now();
}

/** Marks an order as integrated into the merchant's own system. */
export function integrate(context: OrderContext, order: Order): void {
  record(context, order, 'integrado', 'integrated: ready to ship');
  context.publisher.order(order, 'order_integrated');
}

/** Marks an order as waiting for the merchant's own system. */
export function awaitIntegration(context: OrderContext, order: Order): void {
  record(context, order, 'pendente_integracao', 'waits for integration');
  context.publisher.order(order, 'order_pending_integration');
}

/**
 * Captures a payment. Schedules the automatic events that follow: settlement, integration, a chargeback.
 * @param cause the text for the order's history
 * @param status the new status of an order that was not paid before
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
  // A second payment of a paid order also takes money, but does not change the status.
  record(context, order, isPaid(order.status) ? order.status : status, cause);
  const { settings } = context;
  if (settings.settle_after_seconds === 0 && settings.automatic) settle(context, order);
  else
    scheduleAutomaticEvent(context, order, settings.settle_after_seconds, (current) => {
      settle(context, current);
    });
  scheduleAutomaticEvent(context, order, settings.integrate_after_seconds, (current) => {
    if (current.status === 'aprovado') integrate(context, current);
  });
  scheduleAutomaticEvent(context, order, settings.chargeback_after_seconds, (current) => {
    if (isPaid(current.status)) openChargeback(context, current);
  });
}
