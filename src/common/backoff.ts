/** How long to wait between attempts, in seconds. */
export interface BackoffOptions {
  readonly firstSeconds: number;
  readonly longestSeconds: number;
  /** A number from 0 to below 1; Math.random unless a test says otherwise. */
  readonly random?: () => number;
}

/**
 * Seconds to wait after the given attempt (1 is the first): twice as long each time, up to the longest, and of that
 * a random part between half and all, so that many who failed together don't come back together.
 */
export function backoff(
  attempt: number,
  { firstSeconds, longestSeconds, random = Math.random }: BackoffOptions,
): number {
  const whole = Math.min(longestSeconds, firstSeconds * 2 ** Math.min(attempt - 1, 52));
  return whole * (0.5 + random() / 2);
}
