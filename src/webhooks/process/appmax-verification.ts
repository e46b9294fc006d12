import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../../config';
import { OrderSync, type SyncOutcome, SyncQueue } from '../../orders';
import { EventQueue, type LeasedEvent, type LeasedEvents } from './event-queue';
import { confirms, needsRead } from './event-verdict';
import type { Waiting } from './waiting';

const NOT_ASKED = 'Appmax was not asked';

/** Settles events by what Appmax itself says of their order: one question for all that wait for it. */
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

  /** @param now the order's status. @returns the events that Appmax has not confirmed yet. */
  async verify(leased: LeasedEvents, now: string): Promise<Waiting[]> {
    const { orderId } = leased;
    const news = leased.events.filter(({ event }) => needsRead(event, now));
    const old = leased.events.filter((event) => !news.includes(event));
    await this.queue.settle(old.map(({ id }) => id));
    if (news.length === 0) {
      // What they say is what we know. Appmax is asked all the same, but later: a question now would keep the next
      // event, which may tell of a payment, waiting for the order's next turn.
      await this.syncQueue.request({ orderId, reason: 'webhook', inSeconds: this.interval });
      return [];
    }
    const isFirst = news.some(({ attempts }) => attempts === 1);
    const outcome = await this.orderSync.sync({ orderId, reason: isFirst ? 'webhook' : 'retry' });
    const settled = news.filter((event) => isSettled(event, outcome));
    await this.queue.settle(settled.map(({ id }) => id));
    return news.filter((event) => !settled.includes(event)).map((event) => waitingOf(event, outcome));
  }
}

/** Only an answer to a question that was asked after the event came tells anything about it. */
function isSettled({ event, createdAt }: LeasedEvent, { state }: SyncOutcome): boolean {
  return state !== undefined && createdAt < state.answeredAt && confirms(event, state.status);
}

function waitingOf(event: LeasedEvent, { kind, state, problem, retryAt }: SyncOutcome): Waiting {
  if (state !== undefined && event.createdAt < state.answeredAt) {
    return { event, why: `Appmax did not confirm it (the order is ${state.status})` };
  }
  if (kind === 'recent') return { event, why: NOT_ASKED, until: retryAt ?? event.createdAt };
  return { event, why: problem ?? NOT_ASKED };
}
