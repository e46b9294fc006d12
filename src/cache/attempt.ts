import type { ErrorReply } from '@redis/client';
import { inCallSpan } from '../common/tracing/spans';
import { withTimeout } from '../common/with-timeout';

/** The injection token of the connection to Redis; it is null if the cache is this process's memory. */
export const REDIS = Symbol('Redis');

/** The timeout of an operation on Redis; after it, the request continues without Redis. */
const OPERATION_MILLISECONDS = 150;

/** The longer timeout for deleting a value: if the answer came too late, a value that was taken would be lost. */
export const DELETE_TIMEOUT_MILLISECONDS = 1_000;

/**
 * The result of an operation on Redis; `done` is false if it failed or timed out. `refused` is true if Redis answered
 * with an error, so that the operation had no effect.
 */
export type Attempt<Value> =
  | { readonly done: true; readonly value: Value }
  | { readonly done: false; readonly value?: undefined; readonly refused: boolean };

/**
 * Runs an operation on Redis with a timeout. Never throws.
 *
 * @param command the operation's name in traces, which have neither keys nor values.
 */
export async function attempt<Value>(
  command: string,
  operation: () => Promise<Value>,
  milliseconds = OPERATION_MILLISECONDS,
): Promise<Attempt<Value>> {
  try {
    const value = await inCallSpan(
      { name: `Redis ${command}`, attributes: { 'db.system.name': 'redis', 'db.operation.name': command } },
      () => withTimeout(operation(), milliseconds),
    );
    return { done: true, value };
  } catch (error) {
    return { done: false, refused: (await refusalOf(error)) !== undefined };
  }
}

/** Returns an error with which Redis has answered; undefined for any other error. */
export async function refusalOf(error: unknown): Promise<ErrorReply | undefined> {
  const { ErrorReply } = await import('@redis/client');
  return error instanceof ErrorReply ? error : undefined;
}
