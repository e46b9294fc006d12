import type { ApiError } from './api-error';

/**
 * Says what a repeat of a route does. `safe`: it reads. `keyed`: with the same idempotency key, it has the effect of the
 * first request. `never`: it may have the effect again.
 */
export type Repeat = 'safe' | 'keyed' | 'never';

/** Codes of answers that leave open whether the request has, or will have, an effect. */
const OPEN_CODES: ReadonlySet<string> = new Set([
  'no_answer',
  'unexpected_answer',
  'internal_server_error',
  'database_unavailable',
  'closed_after_restoration',
  'payment_outcome_unknown',
  'refund_outcome_unknown',
  'request_in_progress',
  'request_superseded',
  'upsell_in_progress',
]);

/** Codes that say how the operation of an idempotency key ended, whatever became of an earlier attempt. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'payment_declined',
  'order_already_paid',
  'session_completed',
]);

/** Returns true if an attempt that ended so may have had an effect. */
export function leavesOpen({ code, status }: ApiError, repeat: Repeat): boolean {
  if (repeat === 'safe' || !OPEN_CODES.has(code)) return false;
  // A refusal without a code, such as one of a proxy: the service did not see the request, except when a proxy timed out.
  return code !== 'unexpected_answer' || status < 400 || status >= 500 || status === 408;
}

/**
 * Returns true if this error says how the call ended although an earlier attempt was left open. A rate limit, for example,
 * says nothing about the earlier attempt.
 */
export function settles({ code }: ApiError): boolean {
  return FINAL_CODES.has(code);
}

/** Returns true if the same request can be sent again, and may then succeed. */
export function isWorthRepeating({ code, status, retryAfterSeconds }: ApiError, repeat: Repeat): boolean {
  if (repeat === 'never') return status === 429;
  switch (status) {
    case 0:
    case 408:
    case 429:
      return true;
    case 409:
      return code === 'request_in_progress' || code === 'request_superseded';
    case 500:
    case 502:
    case 504:
      return code === 'unexpected_answer' || code === 'internal_server_error';
    case 503:
      return code === 'unexpected_answer' || retryAfterSeconds !== undefined;
    default:
      // An answer of 200 that is no JSON comes from a proxy.
      return status >= 200 && status < 300;
  }
}
