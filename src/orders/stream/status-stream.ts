import { EventStream } from './event-stream';

/** A status change of an order. Ids grow with time. */
export interface StatusChange {
  readonly id: number;
  readonly orderId: number;
  readonly status: string;
}

/** One client's stream of one order's statuses, in the format of `text/event-stream`. */
export class StatusStream extends EventStream {
  private waiting: StatusChange[] | undefined = [];
  private lastId = 0;

  constructor(readonly orderId: number) {
    super();
  }

  /** The id of the last change that was sent to the client. */
  get lastSeen(): number {
    return this.lastId;
  }

  /**
   * Sends the changes that the client has not seen, then those that were announced meanwhile. Later ones are sent
   * immediately.
   *
   * @param changes all changes of the order, oldest first.
   * @param seen the id of the last change that the client has seen. If it is not one of them, only the current status
   * is sent.
   */
  begin(changes: readonly StatusChange[], seen: number | undefined): void {
    const known = changes.findIndex(({ id }) => id === seen);
    const announced = this.waiting ?? [];
    this.waiting = undefined;
    this.lastId = changes[known]?.id ?? 0;
    const missed = known === -1 ? changes.slice(-1) : changes.slice(known + 1);
    for (const change of [...missed, ...announced]) this.announce(change);
  }

  /** Sends a change, unless this or a newer one was sent already. */
  announce(change: StatusChange): void {
    if (this.waiting !== undefined) {
      this.waiting.push(change);
      return;
    }
    if (change.id <= this.lastId) return;
    this.lastId = change.id;
    this.put(`id: ${change.id}\ndata: ${JSON.stringify({ status: change.status })}\n\n`);
  }
}
