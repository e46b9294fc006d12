import { Readable } from 'node:stream';

/** A status that an order got. Numbers grow with time. */
export interface StatusChange {
  readonly id: number;
  readonly orderId: number;
  readonly status: string;
}

/** What a client may leave unread before it counts as gone, in bytes. */
const LONGEST_BACKLOG = 64 * 1024;
/** How long a browser waits before it connects again, in milliseconds. */
const RETRY_MILLISECONDS = 3_000;

/** One client's stream of one order's statuses, in the format of `text/event-stream`. */
export class StatusStream extends Readable {
  private waiting: StatusChange[] | undefined = [];
  private lastId = 0;

  constructor(readonly orderId: number) {
    super();
    this.put(`retry: ${RETRY_MILLISECONDS}\n\n`);
  }

  /** The last change that the client has been sent. */
  get lastSeen(): number {
    return this.lastId;
  }

  /**
   * Sends what the client has not seen, then what was announced meanwhile; from now on changes go out at once.
   *
   * @param changes all of the order's, oldest first.
   * @param seen the last one that the client has seen; if it is none of them, the client is told the present status.
   */
  begin(changes: readonly StatusChange[], seen: number | undefined): void {
    const known = changes.findIndex(({ id }) => id === seen);
    const announced = this.waiting ?? [];
    this.waiting = undefined;
    this.lastId = changes[known]?.id ?? 0;
    const missed = known === -1 ? changes.slice(-1) : changes.slice(known + 1);
    for (const change of [...missed, ...announced]) this.announce(change);
  }

  /** Sends a change, unless the client has it or a newer one. */
  announce(change: StatusChange): void {
    if (this.waiting !== undefined) {
      this.waiting.push(change);
      return;
    }
    if (change.id <= this.lastId) return;
    this.lastId = change.id;
    this.put(`id: ${change.id}\ndata: ${JSON.stringify({ status: change.status })}\n\n`);
  }

  /** Keeps proxies from closing a quiet connection, and finds out when the client is gone. */
  keepAlive(): void {
    this.put(': heartbeat\n\n');
  }

  /** Says goodbye: the service stops. */
  finish(): void {
    if (!this.destroyed) this.push(null);
  }

  override _read(): void {
    // Nothing to fetch: what is sent is pushed.
  }

  private put(text: string): void {
    if (this.destroyed || this.readableEnded) return;
    this.push(text);
    if (this.readableLength > LONGEST_BACKLOG) this.destroy();
  }
}
