import { type Order, type Payment } from './order';

/** Returns a payment as it was at an instant after its creation. */
function paymentAsOf(payment: Payment, at: number): Payment {
  if (payment.paidAt !== null && payment.paidAt > at) {
    return payment.method === 'credit_card'
      ? { ...payment, paidAt: null, state: 'authorized' }
      : { ...payment, paidAt: null, state: 'open' };
  }
  if (payment.method === 'credit_card' && payment.voidedAt !== null && payment.voidedAt > at) {
    return { ...payment, voidedAt: null, state: payment.paidAt === null ? 'authorized' : 'paid' };
  }
  return payment;
}

/**
 * Returns an order with the status, payments and refund time that it had at an instant (milliseconds of the
 * simulated clock). For an instant before its creation, returns it as it was created.
 */
export function orderAsOf(order: Order, at: number): Order {
  const step = order.history.findLast((entry) => entry.at <= at) ?? order.history[0];
  return {
    ...order,
    status: step?.status ?? order.status,
    updatedAt: step?.at ?? order.createdAt,
    payments: order.payments
      .filter(({ createdAt }) => createdAt <= at)
      .map((payment) => paymentAsOf(payment, at)),
    refundedAt: order.refunds.reduce<number | null>(
      (newest, { completedAt }) =>
        completedAt !== null && completedAt <= at ? Math.max(newest ?? 0, completedAt) : newest,
      null,
    ),
  };
}
