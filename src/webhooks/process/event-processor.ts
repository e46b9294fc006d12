import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '../../common/background-loop';
import { backoff } from '../../common/backoff';
import { inWorkSpan } from '../../common/tracing/spans';
import { WorkPool } from '../../common/work-pool';
import { CONFIG, type Config } from '../../config';
import { DueWork, SchemaState } from '../../database';
import { type KnownState, type OrderStateListener } from '../../orders';
import { WebhookMetrics } from '../webhook-metrics';
import { AppmaxVerification } from './appmax-verification';
import {
  EventQueue,
  HAS_DUE_EVENTS,
  type LeasedEvent,
  type LeasedEvents,
  LONGEST_WAIT_HOURS,
  type Waiting,
} from './event-queue';
import { workOf } from './event-trace';
import { confirms } from './event-verdict';
import { OrderAdoption } from './order-adoption';
import { HAS_DUE_UNKNOWN, MISSING_ORDER_PAUSE, UnknownOrders } from './unknown-orders';
import { UnverifiedEvents } from './unverified-events';

/** The sets of events that are processed at the same time. */
const WORKERS = 4;
const WORKERS_FOR_UNKNOWN_ORDERS = 2;
const LONGEST_UNCONFIRMED_PAUSE_SECONDS = 6 * 3600;
/** The rest after a full statement for unknown orders, as a multiple of its duration: a flood must leave the database. */
const REST_FACTOR = 1;

/** The time from a new event to its processing: events of an order often come together, and one read answers all. */
const GATHER_MILLISECONDS = 100;

/** The minimum pause before an attempt whose time is given: that time may have passed already. */
const SHORT_PAUSE_SECONDS = 1;

/** Processes waiting events, on any number of instances. Each worker leases a set of events at a time. */
@Injectable()
export class EventProcessor implements OnApplicationBootstrap, OnModuleDestroy, OrderStateListener {
  /** One pool for new events and one for all due events, so that a backlog does not delay new ones. */
  private readonly fresh = this.pool(WORKERS, () => this.queue.leaseFresh());
  private readonly due = this.pool(WORKERS, () => this.queue.leaseDue());
  /** One for leased events of unknown orders, which anyone can forge in any number. */
  private readonly asking = this.pool(WORKERS_FOR_UNKNOWN_ORDERS, () =>
    Promise.resolve(this.askingSets.shift()),
  );
  private readonly askingSets: LeasedEvents[] = [];
  private gathering: NodeJS.Timeout | undefined;
  private readonly looking = new BackgroundLoop('UnknownOrders', Infinity, () => this.look());

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly queue: EventQueue,
    private readonly verification: AppmaxVerification,
    private readonly unverified: UnverifiedEvents,
    private readonly unknownOrders: UnknownOrders,
    private readonly adoption: OrderAdoption,
    private readonly metrics: WebhookMetrics,
    private readonly schema: SchemaState,
    private readonly dueWork: DueWork,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.backgroundWork) return;
    this.schema.whenReady(() => {
      for (const loop of this.loops) loop.start();
      this.dueWork.wakeIf(HAS_DUE_EVENTS, () => {
        this.fresh.wake();
        this.due.wake();
      });
      this.dueWork.wakeIf(HAS_DUE_UNKNOWN, () => {
        this.looking.wake();
      });
    });
  }

  async onModuleDestroy(): Promise<void> {
    clearTimeout(this.gathering);
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  /** Processes new events of known orders, with those of the next 100 ms: this instance has stored some. */
  wake(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      this.fresh.wake();
    }, GATHER_MILLISECONDS);
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

  private get loops(): readonly { start(): void; stop(): Promise<void> }[] {
    return [this.fresh, this.due, this.asking, this.looking];
  }

  private pool(workers: number, take: () => Promise<LeasedEvents | undefined>): WorkPool<LeasedEvents> {
    return new WorkPool({ name: 'EventProcessor', workers, take, perform: (leased) => this.process(leased) });
  }

  /** Handles a set of due events of unknown orders. @returns the rest before the next one, if more may be due. */
  private async look(): Promise<number | undefined> {
    const startedAt = performance.now();
    const { isFull, hasFound, leased } = await this.unknownOrders.look(this.asking.hasFreeWorker);
    if (leased !== undefined) {
      this.askingSets.push(leased);
      this.asking.wake();
    }
    if (hasFound) this.fresh.wake();
    return isFull ? (performance.now() - startedAt) * REST_FACTOR : undefined;
  }

  private process(leased: LeasedEvents): Promise<void> {
    return this.queue.during(leased, () =>
      inWorkSpan(workOf('process webhooks', leased.events), () => this.processLeased(leased)),
    );
  }

  private async processLeased(leased: LeasedEvents): Promise<void> {
    const wait = (waiting: readonly Waiting[]): Promise<void> => this.wait(leased, waiting);
    const unknown = leased.events.filter(({ orderStatus }) => orderStatus === null);
    if (unknown.length > 0) await wait(await this.adoption.adopt(unknown));
    const known = leased.events.filter(({ orderStatus }) => orderStatus !== null);
    if (known.length === 0) return;
    if (this.config.webhookVerification === 'appmax') await this.verification.verify(known, wait);
    else await wait(await this.unverified.apply(leased, known));
  }

  /** Postpones events that can't be settled now, and sets those aside that have waited too long. */
  private async wait(leased: LeasedEvents, waiting: readonly Waiting[]): Promise<void> {
    const overdue = waiting.filter(({ event }) => event.isOverdue);
    const setAside = await this.queue.setAside(
      leased,
      new Map(overdue.map(({ event, why }) => [event.id, `${why} within ${LONGEST_WAIT_HOURS} hours`])),
    );
    this.metrics.setAside.inc(setAside);
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
