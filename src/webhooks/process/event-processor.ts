import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '../../common/background-loop';
import { backoff } from '../../common/backoff';
import { WorkPool } from '../../common/work-pool';
import { CONFIG, type Config } from '../../config';
import { SchemaState } from '../../database';
import { InstallationsService, type Merchant } from '../../installations';
import { type KnownState, OrdersService, type OrderStateListener, OrderSync } from '../../orders';
import { WebhookMetrics } from '../webhook-metrics';
import { AppmaxVerification } from './appmax-verification';
import {
  EventQueue,
  type LeasedEvent,
  type LeasedEvents,
  LONGEST_WAIT_HOURS,
  ORDER_MISSING,
  type Waiting,
} from './event-queue';
import { confirms } from './event-verdict';
import { ASKING_ATTEMPTS, MISSING_ORDER_PAUSE, UnknownOrders } from './unknown-orders';
import { UnverifiedEvents } from './unverified-events';

const WORKERS = 5;
const WORKERS_FOR_UNKNOWN_ORDERS = 2;
const ROUND_MILLISECONDS = 500;
const LONGEST_UNCONFIRMED_PAUSE_SECONDS = 6 * 3600;

/** The minimum pause before an attempt whose time is given: that time may have passed already. */
const SHORT_PAUSE_SECONDS = 1;

/** The order of waiting events, or the reason why there is none. */
type Found = { readonly status: string } | Omit<Waiting, 'event'>;

/** Processes waiting events, on any number of instances. Each worker leases the events of one order at a time. */
@Injectable()
export class EventProcessor implements OnApplicationBootstrap, OnModuleDestroy, OrderStateListener {
  /**
   * One pool for new events and one for all due events, so that a backlog does not delay new ones; and one for events of
   * unknown orders, which anyone can forge in any number.
   */
  private readonly pools: readonly WorkPool<LeasedEvents>[];
  private readonly looking: BackgroundLoop;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly queue: EventQueue,
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly orderSync: OrderSync,
    private readonly verification: AppmaxVerification,
    private readonly unverified: UnverifiedEvents,
    private readonly unknownOrders: UnknownOrders,
    private readonly metrics: WebhookMetrics,
    private readonly schema: SchemaState,
  ) {
    this.pools = [
      { workers: WORKERS, take: () => this.queue.leaseFresh() },
      { workers: WORKERS, take: () => this.queue.leaseDue() },
      { workers: WORKERS_FOR_UNKNOWN_ORDERS, take: () => this.unknownOrders.lease() },
    ].map(
      (pool) =>
        new WorkPool({
          ...pool,
          name: 'EventProcessor',
          milliseconds: ROUND_MILLISECONDS,
          perform: (leased) => this.process(leased),
        }),
    );
    this.looking = new BackgroundLoop('UnknownOrders', ROUND_MILLISECONDS, () => this.unknownOrders.look());
  }

  onApplicationBootstrap(): void {
    if (!this.config.backgroundWork) return;
    this.schema.whenReady(() => {
      for (const loop of [...this.pools, this.looking]) loop.start();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.pools, this.looking].map((loop) => loop.stop()));
  }

  /** Processes an order's events now, due or not, unless another instance holds their lease. */
  async processNow(orderId: number): Promise<void> {
    const leased = await this.queue.leaseOf(orderId);
    if (leased !== undefined) await this.process(leased);
  }

  /** Settles the events that were received before Appmax was asked and that its answer confirms. */
  async onOrderState(orderId: number, { status, askedAt }: KnownState): Promise<void> {
    if (this.config.webhookVerification !== 'appmax') return;
    const events = await this.queue.waiting(orderId, askedAt);
    await this.queue.settle(events.filter(({ event }) => confirms(event, status)).map(({ id }) => id));
  }

  private process(leased: LeasedEvents): Promise<void> {
    return this.queue.during(leased, () => this.processLeased(leased));
  }

  private async processLeased(leased: LeasedEvents): Promise<void> {
    const found = await this.findOrAdopt(leased);
    const waiting = await this.settleOrWait(leased, found);
    const overdue = waiting.filter(({ event }) => event.isOverdue);
    for (const { event, why } of overdue) {
      await this.queue.setAside(leased, event.id, `${why} within ${LONGEST_WAIT_HOURS} hours`);
      this.metrics.setAside.inc();
    }
    await this.queue.postpone(
      leased,
      waiting
        .filter((each) => !overdue.includes(each))
        .map(({ event, why, until, isOrderMissing, wasAsked }) => ({
          id: event.id,
          why,
          until,
          isCounted: wasAsked !== false,
          seconds: until === undefined ? this.pause(event, isOrderMissing === true) : SHORT_PAUSE_SECONDS,
        })),
    );
  }

  /**
   * Finds the order of waiting events. An unknown order is saved if Appmax has it for the merchant that an event names;
   * whether webhooks are verified makes no difference. When it is saved, a trigger ends the lease of the order's events
   * and makes them due: the attempt that saved it can settle them only if that needs no lease.
   *
   * @returns its status, or the reason why there is none.
   */
  private async findOrAdopt({ orderId, events }: LeasedEvents): Promise<Found> {
    const order = await this.orders.find(orderId);
    if (order !== null) return order;
    const asking = events.find(({ attempts }) => ASKING_ATTEMPTS.includes(attempts));
    const merchant = asking === undefined ? undefined : await this.merchantNamedBy(asking.id);
    if (merchant === undefined) return { why: ORDER_MISSING, isOrderMissing: true };
    const { kind, state, problem, retryAt } = await this.orderSync.sync({
      orderId,
      reason: 'adoption',
      merchant,
    });
    if (state !== undefined) return state;
    if (problem !== undefined) return { why: `${ORDER_MISSING} (${problem})`, isOrderMissing: true };
    return { why: ORDER_MISSING, isOrderMissing: true, until: retryAt, wasAsked: kind !== 'recent' };
  }

  /** Finds the merchant that an event's envelope names by its `external_key` or `client_key`. */
  private async merchantNamedBy(eventId: number): Promise<Merchant | undefined> {
    const payload = await this.queue.payloadOf(eventId);
    const { external_key: externalKey, client_key: clientKey } = (payload ?? {}) as Record<string, unknown>;
    const keys = [externalKey, clientKey].filter((key) => typeof key === 'string' && key !== '') as string[];
    for (const key of new Set(keys)) {
      const merchant = await this.installations.find(key);
      if (merchant !== undefined) return merchant;
    }
    return undefined;
  }

  /**
   * Settles the events that can be settled now.
   *
   * @param found the order's status, or the reason why there is no order.
   * @returns the other events.
   */
  private settleOrWait(leased: LeasedEvents, found: Found): Promise<Waiting[]> {
    if ('why' in found) return Promise.resolve(leased.events.map((event) => ({ ...found, event })));
    return this.config.webhookVerification === 'appmax'
      ? this.verification.verify(leased, found.status)
      : this.unverified.apply(leased);
  }

  /**
   * Returns the seconds until the next attempt. They grow from 1 s if the order is missing, and from two sync intervals
   * if Appmax did not confirm the event, to at most 6 hours.
   */
  private pause({ attempts }: LeasedEvent, isOrderMissing: boolean): number {
    const { orderIntervalSeconds: interval } = this.config.appmax.backgroundReads;
    const unconfirmedPause = {
      firstSeconds: Math.max(2, interval * 2),
      longestSeconds: LONGEST_UNCONFIRMED_PAUSE_SECONDS,
    };
    return backoff(attempts, isOrderMissing ? MISSING_ORDER_PAUSE : unconfirmedPause);
  }
}
