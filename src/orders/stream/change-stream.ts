import { Readable } from 'node:stream';

/** The unread data after which a client counts as disconnected. */
const MAXIMUM_BACKLOG_BYTES = 64 * 1024;
/** The time that a browser waits before it reconnects. */
const RETRY_MILLISECONDS = 3_000;
/** The ids of one event. More changes at once are sent as an empty list: any order may have changed. */
const MAXIMUM_IDS = 200;

/** One operator's stream of the orders that have changed, in the format of `text/event-stream`. */
export class ChangeStream extends Readable {
  /** @param shop the only shop whose orders are sent; undefined: all. */
  constructor(readonly shop: string | undefined) {
    super();
    this.put(`retry: ${RETRY_MILLISECONDS}\n\n`);
  }

  /** Sends the ids of orders, each once. */
  announce(orderIds: Iterable<number>): void {
    const ids = [...new Set(orderIds)];
    if (ids.length === 0) return;
    this.put(`data: ${JSON.stringify({ order_ids: ids.length > MAXIMUM_IDS ? [] : ids })}\n\n`);
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

  private put(text: string): void {
    if (this.destroyed || this.readableEnded) return;
    this.push(text);
    if (this.readableLength > MAXIMUM_BACKLOG_BYTES) this.destroy();
  }
}
