import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { WorkPool } from '../../common/work-pool';
import { backoff } from '../../common/backoff';
import { type Config, CONFIG } from '../../config';
import { SchemaState } from '../../database';
import { type KnownState, OrderSync } from '../../orders';
import { AppmaxVerification } from './appmax-verification';
import { EventQueue, LONGEST_WAIT_HOURS, type LeasedEvent, type LeasedEvents } from './event-queue';
import { confirms } from './event-verdict';
import { OrderAdoption } from './order-adoption';
import { UnverifiedEvents } from './unverified-events';
import { WebhookMetrics } from '../webhook-metrics';
import type { Waiting } from './waiting';

const LANES = 5;
const ROUND_MILLISECONDS = 500;
const ORDER_PAUSE = { firstSeconds: 1, longestSeconds: 6 * 3600 };
const LONGEST_ANSWER_PAUSE = 6 * 3600;

/** Between an instant that has come already and the next look, in seconds. */
const SHORT_PAUSE = 1;

/** Processes events that wait, on any number of instances: each leases the events of one order at a time. */
@Injectable()
export class EventProcessor implements OnApplicationBootstrap, OnModuleDestroy {
  /** New events have a pool of their own: a backlog of old ones does not delay them. */
  private readonly pools: readonly WorkPool<LeasedEvents>[];

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly queue: EventQueue,
    private readonly adoption: OrderAdoption,
    private readonly verification: AppmaxVerification,
    private readonly unverified: UnverifiedEvents,
    private readonly metrics: WebhookMetrics,
    private readonly schema: SchemaState,
    orderSync: OrderSync,
  ) {
    orderSync.listen((orderId, state) => this.settleAll(orderId, state));
    this.pools = [() => this.queue.leaseFresh(), () => this.queue.leaseDue()].map(
      (take) =>
        new WorkPool({
          name: 'EventProcessor',
          lanes: LANES,
          milliseconds: ROUND_MILLISECONDS,
          take,
          perform: (leased) => this.process(leased),
        }),
    );
  }

  onApplicationBootstrap(): void {
    if (!this.config.backgroundWork) return;
    this.schema.whenReady(() => {
      for (const pool of this.pools) pool.start();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.stop()));
  }

  /** Processes an order's events now, due or not, unless another instance holds their lease. */
  async processNow(orderId: number): Promise<void> {
    const leased = await this.queue.leaseOf(orderId);
    if (leased !== undefined) await this.process(leased);
  }

  private process(leased: LeasedEvents): Promise<void> {
    return this.queue.during(leased, () => this.processLeased(leased));
  }

  private async processLeased(leased: LeasedEvents): Promise<void> {
    const order = await this.adoption.findOrAdopt(leased);
    const waiting = await this.waitingOf(leased, order);
    const overdue = waiting.filter(({ event }) => event.isOverdue);
    for (const { event, why } of overdue) {
      await this.queue.setAside(leased, event.id, `${why} within ${LONGEST_WAIT_HOURS} hours`);
      this.metrics.setAside.inc();
    }
    await this.queue.postpone(
      leased,
      waiting
        .filter((each) => !overdue.includes(each))
        .map(({ event, why, until, isOrderMissing }) => ({
          id: event.id,
          why,
          until,
          seconds: until === undefined ? this.pause(event, isOrderMissing === true) : SHORT_PAUSE,
        })),
    );
  }

  private waitingOf(leased: LeasedEvents, order: { status: string } | string): Promise<Waiting[]> {
    if (typeof order === 'string') {
      return Promise.resolve(leased.events.map((event) => ({ event, why: order, isOrderMissing: true })));
    }
    return this.config.webhookVerification === 'appmax'
      ? this.verification.verify(leased, order.status)
      : this.unverified.apply(leased);
  }

  /** Settles the events that came before an answer of Appmax's and that it confirms. */
  private async settleAll(orderId: number, { status, answeredAt }: KnownState): Promise<void> {
    if (this.config.webhookVerification !== 'appmax') return;
    const events = await this.queue.waiting(orderId, answeredAt);
    await this.queue.settle(events.filter(({ event }) => confirms(event, status)).map(({ id }) => id));
  }

  /** An order that is being made is here in a moment; Appmax's answer may be asked for again after a while only. */
  private pause({ attempts }: LeasedEvent, isOrderMissing: boolean): number {
    const { orderIntervalSeconds: interval } = this.config.appmax.backgroundReads;
    const answerPause = { firstSeconds: Math.max(2, interval * 2), longestSeconds: LONGEST_ANSWER_PAUSE };
    return backoff(attempts, isOrderMissing ? ORDER_PAUSE : answerPause);
  }
}
