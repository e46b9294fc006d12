import { capturedAmount, type Order, type Refund, refundedAmount } from './order';
import { automatically, type OrderContext, record } from './order-context';

/** Cents that can still be given back and that no pending refund has claimed. */
export function refundableAmount(order: Order): number {
  const claimed = order.refunds.reduce((sum, refund) => sum + refund.amount, 0);
  return capturedAmount(order) - claimed;
}

/** The oldest refund that was asked for and not yet completed. */
export function pendingRefund(order: Order, type?: Refund['type']): Refund | undefined {
  return order.refunds.find(
    (refund) => refund.completedAt === null && (type === undefined || refund.type === type),
  );
}

/**
 * Takes a refund down; no money moves yet.
 * @param amount cents, not more than `refundableAmount`
 */
export function requestRefund(
  context: OrderContext,
  order: Order,
  type: Refund['type'],
  amount: number,
): Refund {
  const refund: Refund = {
    id: order.refunds.length + 1,
    type,
    amount,
    requestedAt: context.clock.now(),
    completedAt: null,
  };
  order.refunds.push(refund);
  const status = context.settings.refund_review ? 'pendente_integracao_em_analise' : order.status;
  record(context, order, status, `refund requested (${type})`);
  automatically(context, order, context.settings.refund_after_seconds, (current) => {
    if (refund.completedAt === null) completeRefund(context, current, refund);
  });
  return refund;
}

/** Gives the money of a refund back. The order is refunded once nothing of what it took is left. */
export function completeRefund(context: OrderContext, order: Order, refund: Refund): void {
  const payment = order.payments.findLast(({ state }) => state === 'paid');
  refund.completedAt = context.clock.now();
  context.ledger.record('refund', order, {
    method: payment?.method ?? 'unknown',
    cents: refund.amount,
    reference: payment?.reference ?? '',
  });
  if (refundedAmount(order) >= capturedAmount(order)) {
    order.refundedAt = refund.completedAt;
    record(context, order, 'estornado', 'refunded');
    context.publisher.order(order, 'order_refund');
    return;
  }
  const status = order.status === 'pendente_integracao_em_analise' ? 'aprovado' : order.status;
  record(context, order, status, 'partly refunded');
  context.publisher.order(order, 'order_partial_refund');
}
