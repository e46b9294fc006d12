import { isTextKey, type TextKey } from '../shared/texts';
import type { Refusal, View } from './api';
import type { Mistakes } from './fields';

/** Codes that say that the payment was not made, whatever the status of the answer is. */
const NOT_MADE_CODES = new Set(['payment_not_made', 'payment_processing_failed', 'order_creation_failed']);

/** Codes that leave open whether the payment was made. `request_in_progress`: the first request of this key still runs. */
const UNKNOWN_CODES = new Set(['payment_outcome_unknown', 'request_in_progress']);

/** Codes after which the session itself says how it stands. */
export const STATE_CODES: ReadonlySet<string> = new Set([
  'order_replaced',
  'session_expired',
  'session_completed',
  'order_already_paid',
  'payment_in_progress',
  'price_changed',
]);

/**
 * Returns true if the payment may have been made in spite of the answer.
 * @param isRepeat the same key was sent before, so only an answer about the payment itself tells its outcome
 */
export function leavesOpen({ code, status }: Refusal, isRepeat: boolean): boolean {
  if (NOT_MADE_CODES.has(code)) return false;
  if (UNKNOWN_CODES.has(code) || status === 0 || status === 408 || status >= 500) return true;
  return isRepeat && (status === 429 || code === 'payment_in_progress');
}

/** Returns true if the answer itself says that the outcome is not known. */
export function saysUnknown({ code }: Refusal): boolean {
  return UNKNOWN_CODES.has(code);
}

/** Returns true if the details of the shopper were refused. */
export function refusesCustomer({ code, status, fields }: Refusal): boolean {
  const isOfFields =
    (status === 400 || status === 422) && fields.some((field) => field.startsWith('customer.'));
  return isOfFields || code === 'order_creation_failed';
}

/** Returns whether a payment was sent whose outcome is not known; undefined if the page does not know it. */
export function isUnderWay(view: View | undefined): boolean | undefined {
  return view?.status === 'completed' ? false : view?.payment_under_way;
}

export function textOf(code: string, fields: Mistakes): TextKey {
  if (Object.keys(fields).length > 0) return 'fixFields';
  return isTextKey(code) ? code : 'other';
}
