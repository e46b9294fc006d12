import { ApiError } from './api-error';
import { eventsOf } from './event-stream';
import type { Call, Operation, Transport } from './transport';
import { Deadline, pauseBefore, wait } from './wait';

/** A status that a watched order has or had. */
export interface StatusEvent {
  /** Pass it as `lastEventId` to continue after this event in another program. */
  readonly id: string;
  readonly status: string;
}

export interface WatchOptions {
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
  /** The id of the last event that was seen: the changes since then follow. */
  readonly lastEventId?: string;
}

/** The service sends a comment every 15 s: after this time without one, the connection is lost. */
const SILENCE_MILLISECONDS = 45_000;
const FIRST_PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 15_000;
/** A watch that the service sends away for longer asks again after this time. */
const LONGEST_ASKED_MILLISECONDS = 60_000;

/**
 * Yields the current status of an order, then each change. Reconnects whenever the stream ends, and then gets what it has
 * missed. Ends when the signal is aborted.
 *
 * @throws ApiError if the service refuses the stream, for example because there is no such order
 */
export async function* watch(
  transport: Transport,
  operation: Operation,
  call: Call,
  { signal, lastEventId }: WatchOptions,
): AsyncGenerator<StatusEvent> {
  let lastId = lastEventId;
  // Read where the type checker does not assume that it stays false.
  const isAborted = (): boolean => signal?.aborted === true;
  for (let failures = 0; !isAborted();) {
    const silence = new Deadline(SILENCE_MILLISECONDS, signal);
    let pause: number;
    try {
      const headers = {
        accept: 'text/event-stream',
        ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
      };
      const { body } = await transport.open(operation, { ...call, headers, signal: silence.signal });
      const onBytes = (): void => {
        silence.restart();
      };
      for await (const { id, data } of eventsOf(body as ReadableStream<Uint8Array>, onBytes)) {
        failures = 0;
        if (id !== '' && id === lastId) continue;
        lastId = id;
        yield { id, status: (JSON.parse(data) as { status: string }).status };
        if (isAborted()) return;
      }
      failures += 1;
      pause = pauseBefore(failures, FIRST_PAUSE_MILLISECONDS, LONGEST_PAUSE_MILLISECONDS);
    } catch (error) {
      if (isAborted()) return;
      if (error instanceof ApiError && isFinal(error)) throw error;
      failures += 1;
      const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
      pause = Math.max(
        Math.min(asked, LONGEST_ASKED_MILLISECONDS),
        pauseBefore(failures, FIRST_PAUSE_MILLISECONDS, LONGEST_PAUSE_MILLISECONDS),
      );
    } finally {
      silence.end();
    }
    await wait(pause, signal).catch(() => undefined);
  }
}

function isFinal({ status }: ApiError): boolean {
  return status >= 300 && status < 500 && status !== 408 && status !== 429;
}
