import { type CardPayment, type Order, productsTotal } from '../orders/order';
import { type OrderContext, record, scheduleAutomaticEvent } from '../orders/order-context';
import { isPaid } from '../orders/order-status';
import { capture } from '../orders/settling';
import { approveByAntiFraud, authorizedCards, refuseByAntiFraud } from './anti-fraud';
import { type Card } from './card';
import { paymentIdentity } from './payment-ids';

/** An attempt to pay an order by card. */
export interface CardAttempt {
  readonly card: Card;
  readonly installments: number;
  readonly softDescriptor: string | null;
  readonly subscription: {
    readonly id: number;
    readonly interval: string;
    readonly intervalCount: number;
  } | null;
}

/** The reason of a decline in Appmax's webhooks. */
const declineReason = 'Pagamento recusado pelo emissor';

/**
 * Charges, authorizes or declines a card. Each call charges again: it does not check whether the order is paid.
 * @returns the payment; its state is the result
 */
export function chargeCard(context: OrderContext, order: Order, attempt: CardAttempt): CardPayment {
  const { settings, publisher } = context;
  const payment: CardPayment = {
    ...paymentIdentity(),
    method: 'credit_card',
    state: 'declined',
    amount: order.total,
    fee: attempt.installments > 1 ? interestOf(order) : 0,
    voidedAt: null,
    createdAt: context.clock.now(),
    paidAt: null,
    installments: attempt.installments,
    brand: attempt.card.brand,
    maskedNumber: attempt.card.maskedNumber,
    softDescriptor: attempt.softDescriptor,
  };
  order.payments.push(payment);
  if (attempt.card.outcome === 'declined') {
    // The order keeps its status if an earlier payment is authorized or paid.
    record(context, order, hasAcceptedPayment(order) ? order.status : 'cancelado', 'card declined');
    publisher.order(order, 'payment_not_authorized', declineReason);
    return payment;
  }
  context.orders.ensureUpsellHash(order);
  order.subscription ??= attempt.subscription;
  if (attempt.card.outcome === 'authorized') authorize(context, order, payment);
  else {
    const status = settings.card_status_override ?? 'aprovado';
    capture(context, order, payment, 'card approved and charged', status);
    publisher.order(order, 'order_approved');
    publisher.order(order, 'order_paid');
  }
  if (attempt.subscription !== null) publisher.subscriptionCreated(order);
  return payment;
}

/**
 * Returns the interest in an order, in cents. Appmax adds none: the merchant puts it into `products_value`, which is
 * then more than the sum of the products' prices.
 */
function interestOf({ products, productsValue }: Order): number {
  return Math.max(0, productsValue - (productsTotal(products) ?? productsValue));
}

function hasAcceptedPayment(order: Order): boolean {
  return order.payments.some(({ state }) => state === 'paid' || state === 'authorized');
}

function authorize(context: OrderContext, order: Order, payment: CardPayment): void {
  const { settings, publisher } = context;
  payment.state = 'authorized';
  // A second card does not change the status of a paid order.
  record(
    context,
    order,
    isPaid(order.status) ? order.status : (settings.card_status_override ?? 'autorizado'),
    'card authorized: anti-fraud runs',
  );
  publisher.order(order, 'order_authorized');
  if (settings.order_paid_on_authorization) publisher.order(order, 'order_paid');
  scheduleAutomaticEvent(context, order, settings.anti_fraud_after_seconds, (current) => {
    if (authorizedCards(current).length === 0) return;
    if (settings.anti_fraud_decision === 'approve') approveByAntiFraud(context, current);
    else refuseByAntiFraud(context, current);
  });
}
