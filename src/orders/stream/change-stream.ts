import { EventStream } from './event-stream';

/** The ids of one event. More changes at once are sent as an empty list: any order may have changed. */
const MAXIMUM_IDS = 200;

/** One operator's stream of the orders that have changed, in the format of `text/event-stream`. */
export class ChangeStream extends EventStream {
  /** @param shop the only shop whose orders are sent; undefined: all. */
  constructor(readonly shop: string | undefined) {
    super();
  }

  /** Sends the ids of orders, each once. */
  announce(orderIds: Iterable<number>): void {
    const ids = [...new Set(orderIds)];
    if (ids.length === 0) return;
    this.put(`data: ${JSON.stringify({ order_ids: ids.length > MAXIMUM_IDS ? [] : ids })}\n\n`);
  }
}
