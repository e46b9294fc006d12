/** One attempt to deliver a webhook, with its result. */
export interface DeliveryAttempt {
  /** UTC, of the simulated clock. */
  readonly at: string;
  /** Null if no response came. */
  readonly status: number | null;
  readonly duration_ms: number;
  /** The beginning of the response body. */
  readonly answer: string;
  /** The reason why no response came: a timeout, a refused connection. */
  readonly error: string | null;
}

/**
 * The state of a delivery: `waiting` in the queue or for its delay · `held` until released · `sending` · `delivered`
 * (a 2xx came) · `retrying` after a failure · `given_up` after the last retry · `dropped` by a rule or by a full queue.
 */
export type DeliveryState =
  'waiting' | 'held' | 'sending' | 'delivered' | 'retrying' | 'given_up' | 'dropped';

/** A webhook and the state of its delivery. */
export interface WebhookDelivery {
  readonly id: number;
  readonly event: string;
  readonly order_id: number | null;
  readonly external_key: string | null;
  readonly url: string;
  /** The exact body that is sent. */
  readonly body: string;
  /** `event`: caused by an event. The others were made on demand. */
  readonly origin: 'event' | 'duplicate' | 'forged';
  /** UTC, of the simulated clock. */
  readonly created_at: string;
  state: DeliveryState;
  /** The time of the next attempt, UTC, of the simulated clock. */
  next_attempt_at: string | null;
  readonly attempts: DeliveryAttempt[];
}

/** Seconds that Appmax waits after each failure; after the last one it gives up. */
export const retryDelays: readonly number[] = [1800, 7200, 14_400];

/**
 * Returns the seconds to wait before the next attempt, or null if Appmax gives up.
 * @param failures number of failed attempts
 */
export function retryDelay(failures: number): number | null {
  return retryDelays[failures - 1] ?? null;
}

/** Returns true if the response was a 2xx. */
export function isDelivered(attempt: DeliveryAttempt): boolean {
  return attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
}
