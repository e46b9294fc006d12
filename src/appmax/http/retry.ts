import { setTimeout as sleep } from 'node:timers/promises';
import { backoff } from '../../common/backoff';
import { AppmaxFailure } from '../failures/appmax-failure';
import type { Deadline } from './deadline';

/**
 * What a second sending of a call would do: `harmless` calls read, or write the same again; the others may have had
 * their effect, and Appmax has no keys by which it would know a repeat.
 */
export type Repetition = 'harmless' | 'never';

const MAXIMUM_ATTEMPTS = 5;
const FIRST_SECONDS = 0.2;
const LONGEST_SECONDS = 5;
const TOO_MANY_REQUESTS = 429;
const TRANSIENT_STATUSES = new Set([502, 503, 504]);

/** Whether our own limiter has let a call wait for as long as it may wait. */
function isOwnLimit(error: unknown): boolean {
  return (
    error instanceof AppmaxFailure && error.kind === 'rate_limited' && error.status !== TOO_MANY_REQUESTS
  );
}

/** Whether a call may be sent again after this failure. */
export function mayRepeat(failure: AppmaxFailure, repetition: Repetition): boolean {
  // Nothing was sent: there is nothing to repeat.
  if (failure.kind === 'unavailable') return true;
  if (repetition === 'never') return false;
  if (failure.kind === 'rate_limited') return !isOwnLimit(failure);
  return (
    failure.kind === 'unknown' && (failure.status === undefined || TRANSIENT_STATUSES.has(failure.status))
  );
}

/**
 * Makes a call until it succeeds, may not be made again, or its time is over.
 *
 * @param deadline the time of all attempts together.
 * @throws AppmaxFailure the last one of an attempt that had its turn.
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
      // That there was no turn for another attempt is not why the call failed.
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
