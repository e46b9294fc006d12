/** The limits of the wait between attempts, in seconds. */
export interface BackoffOptions {
  readonly firstSeconds: number;
  readonly longestSeconds: number;
  /** Returns a number from 0 to below 1. Default: Math.random; tests replace it. */
  readonly random?: () => number;
}

/**
 * Calculates the seconds to wait after an attempt (1 is the first). The wait doubles with each attempt, up to
 * `longestSeconds`. Jitter of 50 to 100% spreads the retries of calls that failed at the same time.
 */
export function backoff(
  attempt: number,
  { firstSeconds, longestSeconds, random = Math.random }: BackoffOptions,
): number {
  const whole = Math.min(longestSeconds, firstSeconds * 2 ** Math.min(attempt - 1, 52));
  return whole * (0.5 + random() / 2);
}
