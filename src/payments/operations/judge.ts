import { isPaid } from '../../orders/status-rules';
import type { Operation, OrderReading, Sale } from './operation';
import { isRefund, isRefusedStatus, type Rules } from './rules';

/** What evidence says of an operation whose answer was lost; `wait` where it says nothing yet. */
export type Verdict = 'done' | 'declined' | 'not_done' | 'wait';

/** Judges a charge whose answer was lost by what Appmax says of its order now. */
export function judgeCharge(operation: Operation, sale: Sale, reading: OrderReading, rules: Rules): Verdict {
  const isOver = rules.mayBeJudgedUnpaid(operation);
  if (isPaid(reading.status)) {
    if (rules.isPaidBy(operation, sale, reading)) return 'done';
    if (!isOver) return 'wait';
    return rules.isPaidTwice(sale, reading) ? 'done' : 'not_done';
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
    (rules.isNewRefusal(operation, reading) &&
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
  const wasInReview = operation.baseline !== null && rules.isInReview(operation.baseline.status);
  return gaveBack(operation, reading) || (rules.isInReview(reading.status) && !wasInReview) ? 'done' : 'wait';
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
  if (gaveBack(operation, reading)) return 'confirmed';
  const wasInReview = operation.evidence !== null && rules.isInReview(operation.evidence.status);
  if (rules.isInReview(reading.status)) return wasInReview ? 'same' : 'in_review';
  return wasInReview && isPaid(reading.status) ? 'denied' : 'same';
}

/** Whether another refund of the order could be what a reading shows. */
function othersPending({ id }: Operation, { operations }: Sale): boolean {
  return operations.some(
    (other) => other.id !== id && isRefund(other) && ['sent', 'unknown', 'done'].includes(other.state),
  );
}

/** Whether a reading shows money given back that was not before the refund was sent. */
function gaveBack({ baseline, amountCents }: Operation, reading: OrderReading): boolean {
  if (baseline === null) return false;
  if (reading.status === 'estornado' && baseline.status !== 'estornado') return true;
  if (reading.refundedAt !== null && reading.refundedAt !== baseline.refundedAt) return true;
  const [before, after] = [baseline.totalPaidCents, reading.totalPaidCents];
  return before !== null && after !== null && amountCents !== null && before - after >= amountCents;
}
