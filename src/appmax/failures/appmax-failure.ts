/**
 * What became of a call that did not succeed.
 *
 * - `declined`: the card's issuer or anti-fraud said no; nothing was charged.
 * - `refused`: Appmax understood and said no (400, 404, 409, 422, `success: false`); it had no effect.
 * - `rate_limited`: too many calls; it had no effect. Without a status, our own limiter kept the call back.
 * - `unauthorized`: Appmax answered 401 or 403. Only a 401 that speaks of the token proves that it had no effect.
 * - `unavailable`: certainly no effect: the call never reached Appmax.
 * - `suspended`: certainly no effect: Appmax has been failing, and the call was kept back.
 * - `unknown`: it may or may not have had its effect: a timeout, a reset, a broken answer, a 5xx after sending.
 */
export type FailureKind =
  'declined' | 'refused' | 'rate_limited' | 'unauthorized' | 'unavailable' | 'suspended' | 'unknown';

/** What is known of a failed call beside its kind. */
export interface FailureDetails {
  /** Appmax's HTTP status, where it answered. */
  readonly status?: number | undefined;
  /** Appmax's own words, where it gave some. */
  readonly text?: string | undefined;
  /** When it may be tried again, in seconds. */
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
  readonly orderStatus?: string | undefined;
}

/** A call to Appmax that did not succeed. */
export class AppmaxFailure extends Error {
  readonly status: number | undefined;
  readonly text: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly orderStatus: string | undefined;

  constructor(
    readonly kind: FailureKind,
    readonly operation: string,
    { status, text, retryAfterSeconds, cause, orderStatus }: FailureDetails = {},
  ) {
    super(`${operation}: ${kind}${status === undefined ? '' : ` (${status})`}`, { cause });
    this.status = status;
    this.orderStatus = orderStatus;
    this.text = text;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
