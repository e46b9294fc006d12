import { type CardPayment, type Order } from '../orders/order';
import { type OrderContext, record } from '../orders/order-context';
import { capture } from '../orders/settling';

/** The cards that wait for anti-fraud to decide. */
export function authorizedCards(order: Order): CardPayment[] {
  return order.payments.filter(
    (payment): payment is CardPayment => payment.method === 'credit_card' && payment.state === 'authorized',
  );
}

/** Anti-fraud lets the order pass: every card that was authorised is charged. */
export function approveByAntiFraud(context: OrderContext, order: Order): void {
  for (const payment of authorizedCards(order))
    capture(context, order, payment, 'anti-fraud approved: card charged');
  context.publisher.order(order, 'order_approved');
  if (!context.settings.order_paid_on_authorization) context.publisher.order(order, 'order_paid');
}

/** Anti-fraud refuses the order: what was taken goes back, what was only authorised is let go. */
export function refuseByAntiFraud(context: OrderContext, order: Order): void {
  for (const payment of order.payments) {
    if (payment.method !== 'credit_card') continue;
    if (payment.state === 'paid') {
      const { method, amount: cents, reference } = payment;
      context.ledger.record('reversal', order, { method, cents, reference });
    }
    if (payment.state === 'paid' || payment.state === 'authorized') payment.state = 'voided';
  }
  record(context, order, 'recusado_por_risco', 'anti-fraud refused: money returned');
  context.publisher.order(order, 'order_refused_by_risk');
}
