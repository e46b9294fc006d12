import { type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

/** Long enough for what was written to leave the machine. */
const FLUSH = 30;
const PIECES = 40;

/** The first half of an answer; then the connection breaks. */
export function truncated(body: Buffer, socket: Socket): Readable {
  return Readable.from(
    (async function* () {
      yield body.subarray(0, Math.ceil(body.length / 2));
      await wait(FLUSH);
      socket.destroy();
    })(),
    { objectMode: false },
  );
}

/** The whole answer, drop by drop. */
export function dripping(body: Buffer, seconds: number): Readable {
  const size = Math.max(1, Math.ceil(body.length / PIECES));
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
