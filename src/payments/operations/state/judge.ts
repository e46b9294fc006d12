import { isPaid } from '../../../orders';
import type { Operation, OrderReading, Sale } from './operation';
import { isRefund, isRefusedStatus, type Rules, wasSent } from './rules';

/** The verdict on an operation whose answer was lost; `wait` if the evidence proves nothing yet. */
export type Verdict = 'done' | 'declined' | 'not_done' | 'wait';

/** Judges a charge whose answer was lost by a reading of its order. */
export function judgeCharge(operation: Operation, sale: Sale, reading: OrderReading, rules: Rules): Verdict {
  const isOver = rules.mayBeJudgedUnpaid(operation);
  if (isPaid(reading.status)) {
    const isProof = isOver || !rules.couldBeRefusedSince(operation, sale);
    if (isProof && rules.isPaidBy(operation, sale, reading)) return 'done';
    if (!isOver) return 'wait';
    if (rules.isPaidTwice(sale, reading)) return 'done';
    // If the reading lacks the method or the amount, a person must settle it.
    return rules.isPaidByOther(operation, sale, reading) ? 'not_done' : 'wait';
  }
  if (!rules.isUnderstood(reading.status)) return 'wait';
  if (isRefusedStatus(reading.status))
    return isRefusalOf(operation, sale, reading, rules) ? 'declined' : 'wait';
  return isOver ? 'not_done' : 'wait';
}

/** Returns true if a reading's refusal belongs to this charge, not to an earlier time or another operation. */
export function isRefusalOf(operation: Operation, sale: Sale, reading: OrderReading, rules: Rules): boolean {
  return (
    rules.mayBeJudgedUnpaid(operation) ||
    (rules.madeTheOrder(sale) &&
      rules.isNewRefusal(operation, reading) &&
      !rules.couldBeExpiredCode(sale) &&
      !rules.couldBeEarlierCharge(operation, sale))
  );
}

/** Judges a code whose answer was lost: Appmax does not return the code again, but no shopper has seen it. */
export function judgeCode(
  operation: Operation,
  sale: Sale,
  reading: OrderReading | null,
  rules: Rules,
): 'not_done' | 'done' | 'wait' {
  if (reading !== null && isPaid(reading.status) && rules.isPaidBy(operation, sale, reading)) return 'done';
  return rules.isLostCodeOver(operation) ? 'not_done' : 'wait';
}

/** Judges a refund whose answer was lost. Time proves nothing about a refund: without proof, a person settles it. */
export function judgeRefund(
  operation: Operation,
  sale: Sale,
  reading: OrderReading,
  rules: Rules,
): 'done' | 'wait' {
  if (hasOtherPendingRefund(operation, sale)) return 'wait';
  return isRefundShown(operation, sale, reading) || isReviewOf(operation, sale, reading, rules)
    ? 'done'
    : 'wait';
}

/** Judges an accepted refund: `confirmed`, `denied`, `in_review`, or `same` if the reading proves nothing new. */
export function judgeSettledRefund(
  operation: Operation,
  sale: Sale,
  reading: OrderReading,
  rules: Rules,
): 'confirmed' | 'denied' | 'in_review' | 'same' {
  if (reading.status === 'estornado') return 'confirmed';
  if (hasOtherPendingRefund(operation, sale)) return 'same';
  if (isRefundShown(operation, sale, reading)) return 'confirmed';
  const wasInReview = operation.evidence !== null && rules.isInReview(operation.evidence.status);
  if (rules.isInReview(reading.status))
    return !wasInReview && isReviewOf(operation, sale, reading, rules) ? 'in_review' : 'same';
  return wasInReview && rules.mayBeDenied(operation, sale, reading) ? 'denied' : 'same';
}

/** Returns true if a reading's review belongs to this refund, not to an earlier time or another refund. */
function isReviewOf(operation: Operation, sale: Sale, { status }: OrderReading, rules: Rules): boolean {
  const { id, baseline } = operation;
  if (!rules.isInReview(status) || baseline === null || rules.isInReview(baseline.status)) return false;
  const isOnly = !sale.operations.some((other) => other.id !== id && isRefund(other) && wasSent(other));
  return isOnly || rules.mayBeJudgedUnpaid(operation);
}

/** Returns true if a reading may show another refund of the order. */
function hasOtherPendingRefund({ id }: Operation, { operations }: Sale): boolean {
  return operations.some(
    (other) => other.id !== id && isRefund(other) && ['sent', 'unknown', 'done'].includes(other.state),
  );
}

/** Returns true if a reading shows more refunded money than the baseline and the other refunds explain. */
function isRefundShown({ id, baseline, amountCents }: Operation, sale: Sale, reading: OrderReading): boolean {
  if (baseline === null) return false;
  if (reading.status === 'estornado' && baseline.status !== 'estornado') return true;
  const others = sale.operations.filter((other) => isRefund(other) && other.id !== id);
  const confirmed = others.filter(({ state }) => state === 'confirmed');
  // The baseline may be older than the confirmation of the other refunds.
  const isNew = reading.refundedAt !== null && reading.refundedAt !== baseline.refundedAt;
  if (isNew && confirmed.length === 0) return true;
  const before = Math.max(...[baseline, ...others.map((other) => other.baseline)].map(paidCentsOf));
  const after = reading.totalPaidCents;
  const refunded = confirmed.reduce((sum, other) => sum + (other.amountCents ?? 0), amountCents ?? Infinity);
  return after !== null && before - after >= refunded;
}

const paidCentsOf = (reading: OrderReading | null): number => reading?.totalPaidCents ?? 0;
