import { setTimeout as sleep } from 'node:timers/promises';
import { backoff } from '../../common/backoff';
import { AppmaxFailure } from '../failures/appmax-failure';
import type { Deadline } from './deadline';

/**
 * The retry rule of a call. A `harmless` call reads, or writes the same again. Any other call is never repeated once it
 * may have had its effect: Appmax has no idempotency keys.
 */
export type Repetition = 'harmless' | 'never';

const MAXIMUM_ATTEMPTS = 5;
const FIRST_SECONDS = 0.2;
const LONGEST_SECONDS = 5;
const TOO_MANY_REQUESTS = 429;
const TRANSIENT_STATUSES = new Set([502, 503, 504]);

/** Returns true if our own rate limiter rejected the call. */
function isOwnLimit(error: unknown): boolean {
  return (
    error instanceof AppmaxFailure && error.kind === 'rate_limited' && error.status !== TOO_MANY_REQUESTS
  );
}

/** Returns true if a call may be sent again after this failure. */
export function mayRepeat(failure: AppmaxFailure, repetition: Repetition): boolean {
  // Nothing was sent, so this is not a repeat.
  if (failure.kind === 'unavailable') return true;
  if (repetition === 'never') return false;
  if (failure.kind === 'rate_limited') return !isOwnLimit(failure);
  return (
    failure.kind === 'unknown' && (failure.status === undefined || TRANSIENT_STATUSES.has(failure.status))
  );
}

/**
 * Makes a call, at most 5 times, until it succeeds, must not be repeated, or its time is over.
 *
 * @param deadline the time limit of all attempts together.
 * @throws AppmaxFailure of the last attempt that the rate limiter let through.
 */
export async function withRetries<Value>(
  call: () => Promise<Value>,
  { repetition, deadline }: { repetition: Repetition; deadline: Deadline },
): Promise<Value> {
  let last: AppmaxFailure | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      // The rate limiter rejected another attempt, but the call failed for an earlier reason.
      if (last !== undefined && isOwnLimit(error)) throw last;
      if (!(error instanceof AppmaxFailure) || attempt === MAXIMUM_ATTEMPTS || !mayRepeat(error, repetition))
        throw error;
      const seconds = Math.max(
        error.retryAfterSeconds ?? 0,
        backoff(attempt, { firstSeconds: FIRST_SECONDS, longestSeconds: LONGEST_SECONDS }),
      );
      if (!deadline.allowsAttemptIn(seconds)) throw error;
      last = error;
      await sleep(seconds * 1000);
    }
  }
}
