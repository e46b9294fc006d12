import { Inject, Injectable } from '@nestjs/common';
import { ConcurrencyLimit } from '../../common/concurrency-limit';
import { groupBy } from '../../common/group-by';
import { inWorkSpan } from '../../common/tracing/spans';
import { CONFIG, type Config } from '../../config';
import { OrderSync, type SyncOutcome, SyncQueue } from '../../orders';
import { EventQueue, type LeasedEvent, READING_MILLISECONDS, type Waiting } from './event-queue';
import { workOf } from './event-trace';
import { confirms, needsRead } from './event-verdict';

const NOT_ASKED = 'Appmax was not asked';

/**
 * The orders of a set that are read at the same time. More than a merchant may have: further reads of that merchant are
 * refused at once, and the orders of the others are read meanwhile.
 */
const READS_AT_ONCE = 5;

/** Verifies the events of orders by one sync of each order: events that Appmax confirms are settled. */
@Injectable()
export class AppmaxVerification {
  private readonly interval: number;

  constructor(
    @Inject(CONFIG) { appmax }: Config,
    private readonly queue: EventQueue,
    private readonly syncQueue: SyncQueue,
    private readonly orderSync: OrderSync,
  ) {
    this.interval = appmax.backgroundReads.orderIntervalSeconds;
  }

  /**
   * Settles the events of known orders that Appmax confirms.
   *
   * @param wait is called, for each order as soon as it is read, with the events that Appmax has not confirmed yet.
   */
  async verify(
    events: readonly LeasedEvent[],
    wait: (waiting: readonly Waiting[]) => Promise<void>,
  ): Promise<void> {
    const unconfirmed = events.filter(({ event, orderStatus }) => needsRead(event, orderStatus ?? ''));
    await this.settle(events.filter((event) => !unconfirmed.includes(event)));
    const toRead = groupBy(unconfirmed, ({ orderId }) => orderId);
    // The other events change nothing, so the sync can be later. A sync now would delay the one of the next event, which
    // may report a payment, by the minimum interval.
    const orderIds = [...new Set(events.map(({ orderId }) => orderId))].filter(
      (orderId) => !toRead.has(orderId),
    );
    await this.syncQueue.requestAll({ orderIds, reason: 'webhook', inSeconds: this.interval });
    const lastReadAt = performance.now() + READING_MILLISECONDS;
    const limit = new ConcurrencyLimit({ atOnce: READS_AT_ONCE, waiting: Infinity });
    const reads = [...toRead].map(([orderId, ofOrder]) =>
      limit.run(async () => {
        await wait(
          performance.now() < lastReadAt
            ? await inWorkSpan(workOf('verify webhooks', ofOrder), () => this.read(orderId, ofOrder))
            : notAsked(ofOrder),
        );
      }),
    );
    const failure = (await Promise.allSettled(reads)).find(({ status }) => status === 'rejected');
    if (failure !== undefined) throw (failure as PromiseRejectedResult).reason;
  }

  /** Syncs an order, and settles the events that it confirms. @returns the others. */
  private async read(orderId: number, events: readonly LeasedEvent[]): Promise<Waiting[]> {
    // An attempt counts only if Appmax was asked, so the first one is the first that asks.
    const isFirst = events.some(({ attempts }) => attempts === 1);
    const outcome = await this.orderSync.sync({ orderId, reason: isFirst ? 'webhook' : 'retry' });
    const settled = events.filter((event) => isSettled(event, outcome));
    await this.settle(settled);
    return events.filter((event) => !settled.includes(event)).map((event) => waitingOf(event, outcome));
  }

  private settle(events: readonly LeasedEvent[]): Promise<void> {
    return this.queue.settle(events.map(({ id }) => id));
  }
}

/** Returns true if Appmax was asked after the event was received, and its answer confirms the event. */
function isSettled({ event, createdAt }: LeasedEvent, { state }: SyncOutcome): boolean {
  return state !== undefined && createdAt < state.askedAt && confirms(event, state.status);
}

function notAsked(events: readonly LeasedEvent[]): Waiting[] {
  return events.map((event) => waitingOf(event, { kind: 'recent' }));
}

function waitingOf(event: LeasedEvent, { kind, state, problem, retryAt, wasAsked }: SyncOutcome): Waiting {
  if (state !== undefined && event.createdAt < state.askedAt) {
    return { event, why: `Appmax did not confirm it (the order is ${state.status})` };
  }
  // The event's own time has passed: without a `retryAt`, the next attempt follows after the shortest pause.
  if (kind === 'recent') return { event, why: NOT_ASKED, until: retryAt ?? event.createdAt, wasAsked: false };
  const why = problem ?? NOT_ASKED;
  return wasAsked === false ? { event, why, until: retryAt, wasAsked } : { event, why };
}
