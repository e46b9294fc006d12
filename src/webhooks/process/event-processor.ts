import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { WorkPool } from '../../common/work-pool';
import { backoff } from '../../common/backoff';
import { type Config, CONFIG } from '../../config';
import { type KnownState, OrderSync } from '../../orders';
import { AppmaxVerification } from './appmax-verification';
import { EventQueue, PATIENCE_HOURS, type ClaimedEvent, type ClaimedEvents } from './event-queue';
import { confirms } from './event-verdict';
import { OrderAdoption } from './order-adoption';
import { TakenAtTheirWord } from './taken-at-their-word';
import { WebhookMetrics } from '../webhook-metrics';
import type { Waiting } from './waiting';

const LANES = 5;
const ROUND_MILLISECONDS = 500;
const ORDER_PAUSE = { firstSeconds: 1, longestSeconds: 6 * 3600 };
const LONGEST_ANSWER_PAUSE = 6 * 3600;

/** Between an instant that has come already and the next look, in seconds. */
const SHORT_PAUSE = 1;

/** Works on events that wait, on any number of instances: each claims the events of one order at a time. */
@Injectable()
export class EventProcessor implements OnApplicationBootstrap, OnModuleDestroy {
  /** Those that wait on, however many they are, take nothing from those that have just come. */
  private readonly pools: readonly WorkPool<ClaimedEvents>[];

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly queue: EventQueue,
    private readonly adoption: OrderAdoption,
    private readonly verification: AppmaxVerification,
    private readonly takenAtTheirWord: TakenAtTheirWord,
    private readonly metrics: WebhookMetrics,
    orderSync: OrderSync,
  ) {
    orderSync.listen((orderId, state) => this.settleAll(orderId, state));
    this.pools = [() => this.queue.claimFresh(), () => this.queue.claimDue()].map(
      (take) =>
        new WorkPool({
          name: 'EventProcessor',
          lanes: LANES,
          milliseconds: ROUND_MILLISECONDS,
          take,
          perform: (claimed) => this.process(claimed),
        }),
    );
  }

  onApplicationBootstrap(): void {
    if (this.config.backgroundWork) for (const pool of this.pools) pool.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.stop()));
  }

  /** Works on an order's events now, whenever they are due. Another instance may be doing so: then it is left to it. */
  async processNow(orderId: number): Promise<void> {
    const claimed = await this.queue.claimOf(orderId);
    if (claimed !== undefined) await this.process(claimed);
  }

  private async process(claimed: ClaimedEvents): Promise<void> {
    const order = await this.adoption.findOrAdopt(claimed);
    const waiting = await this.waitingOf(claimed, order);
    const givenUp = waiting.filter(({ event }) => event.isOverdue);
    for (const { event, why } of givenUp) {
      await this.queue.setAside(claimed, event.id, `${why} within ${PATIENCE_HOURS} hours`);
      this.metrics.setAside.inc();
    }
    await this.queue.postpone(
      claimed,
      waiting
        .filter((each) => !givenUp.includes(each))
        .map(({ event, why, until, isOrderMissing }) => ({
          id: event.id,
          why,
          until,
          seconds: until === undefined ? this.pause(event, isOrderMissing === true) : SHORT_PAUSE,
        })),
    );
  }

  private waitingOf(claimed: ClaimedEvents, order: { status: string } | string): Promise<Waiting[]> {
    if (typeof order === 'string') {
      return Promise.resolve(claimed.events.map((event) => ({ event, why: order, isOrderMissing: true })));
    }
    return this.config.webhookVerification === 'appmax'
      ? this.verification.verify(claimed, order.status)
      : this.takenAtTheirWord.apply(claimed);
  }

  /** Whoever asked Appmax: its answer settles every event that came before, and says no more than it. */
  private async settleAll(orderId: number, { status, answeredAt }: KnownState): Promise<void> {
    if (this.config.webhookVerification !== 'appmax') return;
    const events = await this.queue.waiting(orderId, answeredAt);
    await this.queue.settle(events.filter(({ event }) => confirms(event, status)).map(({ id }) => id));
  }

  /** An order that is being made is here in a moment; Appmax's answer may be asked for again after a while only. */
  private pause({ attempts }: ClaimedEvent, isOrderMissing: boolean): number {
    const { orderIntervalSeconds: interval } = this.config.appmax.backgroundReads;
    const answerPause = { firstSeconds: Math.max(2, interval * 2), longestSeconds: LONGEST_ANSWER_PAUSE };
    return backoff(attempts, isOrderMissing ? ORDER_PAUSE : answerPause);
  }
}
