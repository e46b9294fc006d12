import { type OrderEvent } from '../webhooks/event-names';
import { capturedAmount, type Order, type Refund, refundedAmount } from './order';
import { type OrderContext, record, scheduleAutomaticEvent } from './order-context';
import { type OrderStatus } from './order-status';

const UNDER_REVIEW = 'pendente_integracao_em_analise';

/** Returns true if a refund is neither completed nor denied. */
function isOpen(refund: Refund): boolean {
  return refund.completedAt === null && refund.deniedAt === null;
}

/** Returns the cents that can still be refunded. Open requests are subtracted. */
export function refundableAmount(order: Order): number {
  const requested = order.refunds.reduce(
    (sum, refund) => (refund.deniedAt === null ? sum + refund.amount : sum),
    0,
  );
  return capturedAmount(order) - requested;
}

/** Returns the oldest open refund. */
export function pendingRefund(order: Order, type?: Refund['type']): Refund | undefined {
  return order.refunds.find((refund) => isOpen(refund) && (type === undefined || refund.type === type));
}

/** Puts an order under manual review and saves its earlier status. */
export function putUnderReview(context: OrderContext, order: Order, cause: string): void {
  if (order.status !== UNDER_REVIEW) order.statusBeforeReview = order.status;
  record(context, order, UNDER_REVIEW, cause);
}

/** Returns the status of an order after a refund has ended: the one before the review if no other is open. */
function statusAfterReview(order: Order): OrderStatus {
  if (order.status !== UNDER_REVIEW || pendingRefund(order) !== undefined) return order.status;
  return order.statusBeforeReview ?? 'aprovado';
}

/**
 * Records the request of a refund. No money moves yet.
 * @param amount cents, not more than `refundableAmount`
 */
export function requestRefund(
  context: OrderContext,
  order: Order,
  type: Refund['type'],
  amount: number,
): Refund {
  const { settings } = context;
  const refund: Refund = {
    id: order.refunds.length + 1,
    type,
    amount,
    requestedAt: context.clock.now(),
    completedAt: null,
    deniedAt: null,
  };
  order.refunds.push(refund);
  const cause = `refund requested (${type})`;
  if (settings.refund_review) putUnderReview(context, order, cause);
  else record(context, order, order.status, cause);
  scheduleAutomaticEvent(context, order, settings.refund_after_seconds, (current) => {
    if (isOpen(refund)) completeRefund(context, current, refund);
  });
  scheduleAutomaticEvent(context, order, settings.refund_deny_after_seconds, (current) => {
    if (isOpen(refund)) denyRefund(context, current, refund);
  });
  return refund;
}

/** Completes a refund: returns its money. The order becomes `estornado` when all its money is returned. */
export function completeRefund(context: OrderContext, order: Order, refund: Refund): void {
  const payment = order.payments.findLast(({ state }) => state === 'paid');
  refund.completedAt = context.clock.now();
  order.refundedAt = refund.completedAt;
  context.ledger.record('refund', order, {
    method: payment?.method ?? 'unknown',
    cents: refund.amount,
    reference: payment?.reference ?? '',
  });
  if (refundedAmount(order) >= capturedAmount(order)) {
    record(context, order, 'estornado', 'refunded');
    context.publisher.order(order, 'order_refund');
    return;
  }
  record(context, order, statusAfterReview(order), 'partly refunded');
  context.publisher.order(order, 'order_partial_refund');
}

/** The webhook events for the statuses to which an order returns after a review. */
const eventsAfterReview: Readonly<Record<string, OrderEvent>> = {
  aprovado: 'order_approved',
  integrado: 'order_integrated',
  pendente_integracao: 'order_pending_integration',
};

/** Denies a refund. The order returns to its status before the review, which is sent as a webhook. */
export function denyRefund(context: OrderContext, order: Order, refund: Refund): void {
  refund.deniedAt = context.clock.now();
  const status = statusAfterReview(order);
  const isReviewOver = status !== order.status;
  record(context, order, status, 'refund denied');
  const event = eventsAfterReview[status];
  if (isReviewOver && event !== undefined) context.publisher.order(order, event);
}
