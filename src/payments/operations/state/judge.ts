import { isPaid } from '../../../orders';
import type { Operation, OrderReading, Sale } from './operation';
import { isRefund, isRefusedStatus, type Rules, wasSent } from './rules';

/** What evidence says of an operation whose answer was lost; `wait` where it says nothing yet. */
export type Verdict = 'done' | 'declined' | 'not_done' | 'wait';

/** Judges a charge whose answer was lost by what Appmax says of its order now. */
export function judgeCharge(operation: Operation, sale: Sale, reading: OrderReading, rules: Rules): Verdict {
  const isOver = rules.mayBeJudgedUnpaid(operation);
  if (isPaid(reading.status)) {
    const isProof = isOver || !rules.couldBeRefusedSince(operation, sale);
    if (isProof && rules.isPaidBy(operation, sale, reading)) return 'done';
    if (!isOver) return 'wait';
    if (rules.isPaidTwice(sale, reading)) return 'done';
    // Where Appmax does not tell who was paid how much, a person must say.
    return rules.isPaidByOther(operation, sale, reading) ? 'not_done' : 'wait';
  }
  if (!rules.isUnderstood(reading.status)) return 'wait';
  if (isRefusedStatus(reading.status))
    return isRefusalOf(operation, sale, reading, rules) ? 'declined' : 'wait';
  return isOver ? 'not_done' : 'wait';
}

/** Whether the refusal that a reading shows is that of this charge, and not one from before or from another operation. */
export function isRefusalOf(operation: Operation, sale: Sale, reading: OrderReading, rules: Rules): boolean {
  return (
    rules.mayBeJudgedUnpaid(operation) ||
    (rules.madeTheOrder(sale) &&
      rules.isNewRefusal(operation, reading) &&
      !rules.couldBeExpiredCode(sale) &&
      !rules.couldBeEarlierCharge(operation, sale))
  );
}

/** Judges a code whose answer was lost: it can't be learned from Appmax, but was seen by no shopper. */
export function judgeCode(
  operation: Operation,
  sale: Sale,
  reading: OrderReading | null,
  rules: Rules,
): 'not_done' | 'done' | 'wait' {
  if (reading !== null && isPaid(reading.status) && rules.isPaidBy(operation, sale, reading)) return 'done';
  return rules.isLostCodeOver(operation) ? 'not_done' : 'wait';
}

/** Judges a refund whose answer was lost. Time proves nothing of a refund: what stays unclear is for a person. */
export function judgeRefund(
  operation: Operation,
  sale: Sale,
  reading: OrderReading,
  rules: Rules,
): 'done' | 'wait' {
  if (othersPending(operation, sale)) return 'wait';
  return gaveBack(operation, sale, reading) || isReviewOf(operation, sale, reading, rules) ? 'done' : 'wait';
}

/** Judges a refund that was accepted: whether Appmax shows it, is looking at it, or has denied it. */
export function judgeSettledRefund(
  operation: Operation,
  sale: Sale,
  reading: OrderReading,
  rules: Rules,
): 'confirmed' | 'denied' | 'in_review' | 'same' {
  if (reading.status === 'estornado') return 'confirmed';
  if (othersPending(operation, sale)) return 'same';
  if (gaveBack(operation, sale, reading)) return 'confirmed';
  const wasInReview = operation.evidence !== null && rules.isInReview(operation.evidence.status);
  if (rules.isInReview(reading.status))
    return !wasInReview && isReviewOf(operation, sale, reading, rules) ? 'in_review' : 'same';
  return wasInReview && rules.mayBeDenied(operation, sale, reading) ? 'denied' : 'same';
}

/** Whether the review that a reading shows is that of this refund, and not one from before or of another refund. */
function isReviewOf(operation: Operation, sale: Sale, { status }: OrderReading, rules: Rules): boolean {
  const { id, baseline } = operation;
  if (!rules.isInReview(status) || baseline === null || rules.isInReview(baseline.status)) return false;
  const isOnly = !sale.operations.some((other) => other.id !== id && isRefund(other) && wasSent(other));
  return isOnly || rules.mayBeJudgedUnpaid(operation);
}

/** Whether another refund of the order could be what a reading shows. */
function othersPending({ id }: Operation, { operations }: Sale): boolean {
  return operations.some(
    (other) => other.id !== id && isRefund(other) && ['sent', 'unknown', 'done'].includes(other.state),
  );
}

/** Whether a reading shows money given back that was not before the refund was sent, beside that of other refunds. */
function gaveBack({ id, baseline, amountCents }: Operation, sale: Sale, reading: OrderReading): boolean {
  if (baseline === null) return false;
  if (reading.status === 'estornado' && baseline.status !== 'estornado') return true;
  const others = sale.operations.filter((other) => isRefund(other) && other.id !== id);
  const confirmed = others.filter(({ state }) => state === 'confirmed');
  // The baseline may be from before the others were given back.
  const isNew = reading.refundedAt !== null && reading.refundedAt !== baseline.refundedAt;
  if (isNew && confirmed.length === 0) return true;
  const before = Math.max(...[baseline, ...others.map((other) => other.baseline)].map(paidCentsOf));
  const after = reading.totalPaidCents;
  const given = confirmed.reduce((sum, other) => sum + (other.amountCents ?? 0), amountCents ?? Infinity);
  return after !== null && before - after >= given;
}

const paidCentsOf = (reading: OrderReading | null): number => reading?.totalPaidCents ?? 0;
