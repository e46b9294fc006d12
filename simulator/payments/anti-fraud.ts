import { capturedAmount, type CardPayment, type Order } from '../orders/order';
import { type OrderContext, record } from '../orders/order-context';
import { capture } from '../orders/settling';

/** Returns the card payments that wait for the anti-fraud decision. */
export function authorizedCards(order: Order): CardPayment[] {
  return order.payments.filter(
    (payment): payment is CardPayment => payment.method === 'credit_card' && payment.state === 'authorized',
  );
}

/** Returns the card payments that were charged. */
export function chargedCards(order: Order): CardPayment[] {
  return order.payments.filter(
    (payment): payment is CardPayment => payment.method === 'credit_card' && payment.state === 'paid',
  );
}

/** Applies an approval by anti-fraud: charges every authorized card. */
export function approveByAntiFraud(context: OrderContext, order: Order): void {
  for (const payment of authorizedCards(order))
    capture(context, order, payment, 'anti-fraud approved: card charged');
  context.publisher.order(order, 'order_approved');
  if (!context.settings.order_paid_on_authorization) context.publisher.order(order, 'order_paid');
}

/**
 * Applies a refusal by anti-fraud: voids the authorized cards or, if there are none, returns the money of the charged
 * ones. An order that another payment has paid keeps its status.
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
