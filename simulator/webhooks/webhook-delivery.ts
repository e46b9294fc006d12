/** One try at delivering a webhook, and what came of it. */
export interface DeliveryAttempt {
  /** UTC, of the simulated clock. */
  readonly at: string;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly duration_ms: number;
  /** The beginning of what was answered. */
  readonly answer: string;
  /** Why no answer came: a timeout, a refused connection. */
  readonly error: string | null;
}

/**
 * `waiting` for its turn or its delay · `held` until released · `sending` · `delivered` (a 2xx came) · `retrying`
 * after a failure · `given_up` after the last retry, without a word to anyone · `dropped` on demand.
 */
export type DeliveryState =
  'waiting' | 'held' | 'sending' | 'delivered' | 'retrying' | 'given_up' | 'dropped';

/** A webhook, and what became of it. */
export interface WebhookDelivery {
  readonly id: number;
  readonly event: string;
  readonly order_id: number | null;
  readonly external_key: string | null;
  readonly url: string;
  /** Exactly what is sent. */
  readonly body: string;
  /** `event` happened to an order; the others were made on demand. */
  readonly origin: 'event' | 'duplicate' | 'forged';
  /** UTC, of the simulated clock. */
  readonly created_at: string;
  state: DeliveryState;
  /** When the next try is due, UTC, of the simulated clock. */
  next_attempt_at: string | null;
  readonly attempts: DeliveryAttempt[];
}

/** How long Appmax waits after each failure, in seconds; after that it gives up. */
export const retryDelays: readonly number[] = [1800, 7200, 14_400];

/**
 * How long to wait before the next try.
 * @param failures how many tries have failed
 * @returns seconds, or null when Appmax gives up
 */
export function retryDelay(failures: number): number | null {
  return retryDelays[failures - 1] ?? null;
}

/** Whether an answer counts as delivered: any 2xx. */
export function isDelivered(attempt: DeliveryAttempt): boolean {
  return attempt.status !== null && attempt.status >= 200 && attempt.status < 300;
}
