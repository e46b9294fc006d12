/**
 * The outcome of a call that failed.
 *
 * - `declined`: the card's issuer or anti-fraud declined it; nothing was charged.
 * - `refused`: Appmax rejected the request (400, 404, 409, 422, `success: false`); it had no effect.
 * - `rate_limited`: too many calls; it had no effect. Without a status, our own limiter did not send it.
 * - `unauthorized`: Appmax answered 401 or 403. Only a 401 about the token proves that the call had no effect.
 * - `revoked`: Appmax issues no token for the merchant's credentials; the call was not sent.
 * - `unavailable`: the request never reached Appmax; it had no effect.
 * - `suspended`: the circuit is open, so the call was not sent; it had no effect.
 * - `unknown`: it may have had its effect: a timeout, a connection reset, an invalid answer, or a 5xx.
 */
export type FailureKind =
  | 'declined'
  | 'refused'
  | 'rate_limited'
  | 'unauthorized'
  | 'revoked'
  | 'unavailable'
  | 'suspended'
  | 'unknown';

/** The details of a failed call, beside its kind. */
export interface FailureDetails {
  /** Appmax's HTTP status, if it answered. */
  readonly status?: number | undefined;
  /** Appmax's error text, if its answer has one. */
  readonly text?: string | undefined;
  /** Seconds to wait before a retry. */
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
  readonly orderStatus?: string | undefined;
  /** True if we ended the call ourselves before Appmax had its time to answer: that is no outage of Appmax. */
  readonly isOwnAbort?: boolean | undefined;
}

/** A call to Appmax that did not succeed. */
export class AppmaxFailure extends Error {
  readonly status: number | undefined;
  readonly text: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly orderStatus: string | undefined;
  readonly isOwnAbort: boolean;

  constructor(
    readonly kind: FailureKind,
    readonly operation: string,
    { status, text, retryAfterSeconds, cause, orderStatus, isOwnAbort = false }: FailureDetails = {},
  ) {
    super(`${operation}: ${kind}${status === undefined ? '' : ` (${status})`}`, { cause });
    this.status = status;
    this.orderStatus = orderStatus;
    this.text = text;
    this.isOwnAbort = isOwnAbort;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The failure of an answer without a code: `refused` (another payment is pending) or, if not recognised, `unknown`. */
export function missingCodeFailure(operation: string, recognised: boolean): AppmaxFailure {
  if (!recognised) return new AppmaxFailure('unknown', operation);
  return new AppmaxFailure('refused', operation, {
    status: 409,
    text: 'another payment of this order is in progress',
  });
}
