import { Readable } from 'node:stream';

/** The unread data after which a client counts as disconnected. */
const MAXIMUM_BACKLOG_BYTES = 64 * 1024;
/** The time that a browser waits before it reconnects. */
const RETRY_MILLISECONDS = 3_000;

/** One client's stream in the format of `text/event-stream`. Its users send events with {@link put}. */
export abstract class EventStream extends Readable {
  protected constructor() {
    super();
    this.put(`retry: ${RETRY_MILLISECONDS}\n\n`);
  }

  /** Sends a comment, so that proxies do not close an idle connection and a lost client is detected. */
  keepAlive(): void {
    this.put(': heartbeat\n\n');
  }

  /** Ends the stream. */
  finish(): void {
    if (!this.destroyed) this.push(null);
  }

  override _read(): void {
    // Data is pushed when there is a change.
  }

  /** Sends a text. A client that does not read is disconnected. */
  protected put(text: string): void {
    if (this.destroyed || this.readableEnded) return;
    this.push(text);
    if (this.readableLength > MAXIMUM_BACKLOG_BYTES) this.destroy();
  }
}
