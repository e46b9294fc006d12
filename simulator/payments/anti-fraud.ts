import { capturedAmount, type CardPayment, type Order } from '../orders/order';
import { type OrderContext, record } from '../orders/order-context';
import { capture } from '../orders/settling';

/** The cards that wait for anti-fraud to decide. */
export function authorizedCards(order: Order): CardPayment[] {
  return order.payments.filter(
    (payment): payment is CardPayment => payment.method === 'credit_card' && payment.state === 'authorized',
  );
}

/** The cards that were charged. */
export function chargedCards(order: Order): CardPayment[] {
  return order.payments.filter(
    (payment): payment is CardPayment => payment.method === 'credit_card' && payment.state === 'paid',
  );
}

/** Anti-fraud lets the order pass: every card that was authorised is charged. */
export function approveByAntiFraud(context: OrderContext, order: Order): void {
  for (const payment of authorizedCards(order))
    capture(context, order, payment, 'anti-fraud approved: card charged');
  context.publisher.order(order, 'order_approved');
  if (!context.settings.order_paid_on_authorization) context.publisher.order(order, 'order_paid');
}

/**
 * Anti-fraud refuses the order: what was only authorised is let go; if nothing was, what was taken goes back. An
 * order that another payment has paid stays as it is.
 */
export function refuseByAntiFraud(context: OrderContext, order: Order): void {
  const waiting = authorizedCards(order);
  const refused = waiting.length > 0 ? waiting : chargedCards(order);
  for (const payment of refused) {
    if (payment.state === 'paid') {
      const { method, amount: cents, reference } = payment;
      context.ledger.record('reversal', order, { method, cents, reference });
    }
    payment.state = 'voided';
    payment.voidedAt = context.clock.now();
  }
  const status = capturedAmount(order) > 0 ? order.status : 'recusado_por_risco';
  record(context, order, status, 'anti-fraud refused: money returned');
  context.publisher.order(order, 'order_refused_by_risk');
}
