import { type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

/** Time for the written bytes to be sent before the connection is closed. */
const FLUSH_MILLISECONDS = 30;

/** Streams the first half of a response, then closes the connection. */
export function truncated(body: Buffer, socket: Socket): Readable {
  return Readable.from(
    (async function* () {
      yield body.subarray(0, Math.ceil(body.length / 2));
      await wait(FLUSH_MILLISECONDS);
      socket.destroy();
    })(),
    { objectMode: false },
  );
}

/** Streams the whole response in small pieces over `seconds`; a single piece comes after them. */
export function dripping(body: Buffer, { seconds, pieces }: { seconds: number; pieces: number }): Readable {
  const size = Math.max(1, Math.ceil(body.length / pieces));
  const pause = (seconds * 1000) / Math.ceil(body.length / size);
  return Readable.from(
    (async function* () {
      for (let at = 0; at < body.length; at += size) {
        await wait(pause, undefined, { ref: false });
        yield body.subarray(at, at + size);
      }
    })(),
    { objectMode: false },
  );
}
