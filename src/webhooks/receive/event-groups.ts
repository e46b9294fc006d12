import { Inject, Injectable } from '@nestjs/common';
import { orWhenFull } from '../../common/concurrency-limit';
import { GroupedWork, groupsAtOnce } from '../../common/grouped-work';
import { inWorkSpan } from '../../common/tracing/spans';
import { CONFIG, type Config } from '../../config';
import { OrdersService } from '../../orders';
import { tooManyWebhooks } from '../errors';
import { EventProcessor } from '../process/event-processor';
import { WebhookMetrics } from '../webhook-metrics';
import { EventStore, isFaultOfEvent, type NewEvent, type Stored } from './event-store';
import { WebhookTally } from './webhook-tally';

const GROUP = { items: 500, bytes: 2 * 1024 * 1024 };
/** Webhooks wait in memory with their bodies; this many are stored within seconds, even on a slow disk. */
const QUEUE = { items: 2_000, bytes: 16 * 1024 * 1024 };

/** Stores webhooks in groups: each one with all others that came while the last group was stored. */
@Injectable()
export class EventGroups {
  private readonly events: GroupedWork<NewEvent, Stored>;
  private readonly orderIds: GroupedWork<number, boolean>;

  constructor(
    @Inject(CONFIG) { database }: Config,
    private readonly eventStore: EventStore,
    private readonly orders: OrdersService,
    private readonly metrics: WebhookMetrics,
    private readonly tally: WebhookTally,
    private readonly processor: EventProcessor,
  ) {
    this.events = new GroupedWork({
      atOnce: groupsAtOnce(database.maxOpenConnections),
      group: GROUP,
      queue: QUEUE,
      perform: (events) => this.storeGroup(events),
      isFaultOfItem: isFaultOfEvent,
    });
    this.orderIds = new GroupedWork({
      atOnce: 1,
      group: GROUP,
      queue: QUEUE,
      perform: async (ids) => {
        const known = await this.orders.known(ids);
        return ids.map((id) => known.has(id));
      },
    });
  }

  /**
   * Stores an event. When the promise resolves, the event is committed.
   *
   * @param bytes the size of its body.
   * @throws ApiError 503 if too many webhooks are waiting.
   */
  store(event: NewEvent, bytes: number): Promise<Stored> {
    return this.orTurnAway(this.events.run(event, bytes));
  }

  /**
   * Returns true if an order is in the database.
   *
   * @param bytes the size of the body that waits for the answer.
   * @throws ApiError 503 if too many webhooks are waiting.
   */
  isOrderKnown(orderId: number, bytes: number): Promise<boolean> {
    return this.orTurnAway(this.orderIds.run(orderId, bytes));
  }

  private async storeGroup(events: readonly NewEvent[]): Promise<(Stored | undefined)[]> {
    // A group of several webhooks is in the trace of the first one, and has links to the others.
    const [continues, ...links] = events.map(({ traceparent }) => traceparent);
    const attributes = { 'messaging.batch.message_count': events.length };
    const stored = await inWorkSpan({ name: 'store webhooks', attributes, continues, links }, () =>
      this.eventStore.storeGroup(events),
    );
    for (const outcome of ['first', 'repeat'] as const) {
      const count = stored.filter((each) => each === outcome).length;
      if (count > 0) this.metrics.received.inc({ outcome }, count);
    }
    if (stored.includes('first')) this.processor.wake();
    return stored;
  }

  private orTurnAway<Value>(work: Promise<Value>): Promise<Value> {
    return orWhenFull(work, () => {
      this.tally.add('turned away');
      return tooManyWebhooks();
    });
  }
}
