import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config';
import { OrderSync, type SyncOutcome, SyncQueue } from '../../orders';
import { EventQueue, type LeasedEvent, type LeasedEvents, type Waiting } from './event-queue';
import { confirms, needsRead } from './event-verdict';

const NOT_ASKED = 'Appmax was not asked';

/** Verifies the events of an order by one sync of it: events that Appmax confirms are settled. */
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

  /** Settles the events that Appmax confirms. @returns those that it has not confirmed yet. */
  async verify(leased: LeasedEvents, orderStatus: string): Promise<Waiting[]> {
    const { orderId } = leased;
    const unconfirmed = leased.events.filter(({ event }) => needsRead(event, orderStatus));
    const known = leased.events.filter((event) => !unconfirmed.includes(event));
    await this.queue.settle(known.map(({ id }) => id));
    if (unconfirmed.length === 0) {
      // These events change nothing, so the sync can be later. A sync now would delay the one of the next event, which
      // may report a payment, by the minimum interval.
      await this.syncQueue.request({ orderId, reason: 'webhook', inSeconds: this.interval });
      return [];
    }
    // An attempt counts only if Appmax was asked, so the first one is the first that asks.
    const isFirst = unconfirmed.some(({ attempts }) => attempts === 1);
    const outcome = await this.orderSync.sync({ orderId, reason: isFirst ? 'webhook' : 'retry' });
    const settled = unconfirmed.filter((event) => isSettled(event, outcome));
    await this.queue.settle(settled.map(({ id }) => id));
    return unconfirmed.filter((event) => !settled.includes(event)).map((event) => waitingOf(event, outcome));
  }
}

/** Returns true if Appmax was asked after the event was received, and its answer confirms the event. */
function isSettled({ event, createdAt }: LeasedEvent, { state }: SyncOutcome): boolean {
  return state !== undefined && createdAt < state.askedAt && confirms(event, state.status);
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
