import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, Registry } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import { AppmaxClient, AppmaxFailure, type AppmaxOrderState } from '../../appmax';
import { backoff } from '../../common/backoff';
import { InstallationsService, type Merchant } from '../../installations';
import type { Order } from '../order.entity';
import { OrdersService } from '../orders.service';
import { ReadBudget } from './read-budget';
import type { SyncReason } from './sync-reasons';
import { isLease, SyncQueue, type SyncLease } from './sync-queue';
import { nextSyncAt } from './sync-schedule';

/** What Appmax said of an order, and when it was asked. */
export interface KnownState {
  readonly status: string;
  readonly answeredAt: Date;
}

/**
 * What asking for an order led to. `fresh`: Appmax has answered now · `recent`: it was asked moments ago, or another
 * instance is asking; `state` is its last answer, if there is one · `failed`: it could not be learned, `problem` says
 * why · `unknown`: it is no order of ours, nor of the merchant's that was named.
 */
export interface SyncOutcome {
  readonly kind: 'fresh' | 'recent' | 'failed' | 'unknown';
  readonly state?: KnownState | undefined;
  readonly problem?: string;
  /** When it makes sense to ask again. */
  readonly retryAt?: Date;
}

/** Which order, and why. A merchant is named for an order that may not be ours yet: if Appmax has it, it becomes ours. */
export interface SyncRequest {
  readonly orderId: number;
  readonly reason: SyncReason;
  readonly merchant?: Merchant | undefined;
  /** Ask even if it was asked for moments ago. */
  readonly isUrgent?: boolean;
}

/** A read that is about to be made. */
interface Asking {
  readonly lease: SyncLease;
  readonly reason: SyncReason;
  readonly order: Order | null;
  readonly merchant: Merchant;
}

/** Called with an order's state each time that Appmax has told it. */
export type StateListener = (orderId: number, state: KnownState) => Promise<void>;

/**
 * Takes part in the transaction in which an answer of Appmax's is applied, before the order's row is locked: payments judge
 * their operations by it.
 */
export interface OrderObserver {
  /** @returns whether the order may take the status; an answer that lags behind a payment is asked for again. */
  observe(
    manager: EntityManager,
    observed: { readonly order: Order; readonly state: AppmaxOrderState; readonly askedAt: Date },
  ): Promise<{ readonly mayAdopt: boolean }>;
}

/** After so many failures in a row an order without a scheduled sync is not asked for again: some three days. */
const MOST_FAILURES = 20;
/** How many reads of one merchant's an instance has under way at once. */
const MOST_PER_MERCHANT = 3;
const FAILURE_PAUSE = { firstSeconds: 30, longestSeconds: 6 * 3600 };

/** Syncs orders: asks Appmax for an order's state and applies the answer. Nothing else does. */
@Injectable()
export class OrderSync {
  private readonly logger = new Logger('OrderSync');
  private readonly listeners: StateListener[] = [];
  private readonly observers: OrderObserver[] = [];
  /** Reads that this instance has under way, by installation. */
  private readonly underWay = new Map<number, number>();
  private readonly unexpected: Counter;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly appmax: AppmaxClient,
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly queue: SyncQueue,
    private readonly budget: ReadBudget,
    registry: Registry,
  ) {
    this.unexpected = new Counter({
      name: 'order_status_unexpected_total',
      help: 'Statuses of Appmax that were taken though they do not follow the ones before',
      registers: [registry],
    });
  }

  /** Registers a listener for Appmax's answers, whatever the reason for which it was asked. */
  listen(listener: StateListener): void {
    this.listeners.push(listener);
  }

  /** Registers an observer that takes part in applying each answer of Appmax's. */
  observeWith(observer: OrderObserver): void {
    this.observers.push(observer);
  }

  /** Asks Appmax for an order and applies what it says; at most one instance at a time, and once per interval. */
  async sync({ orderId, reason, merchant, isUrgent = false }: SyncRequest): Promise<SyncOutcome> {
    const lease = await this.queue.lease(orderId, isUrgent);
    if (isLease(lease)) return this.perform(lease, reason, merchant);
    const { answeredAt, retryAt } = lease;
    const order = answeredAt === null ? null : await this.orders.find(orderId);
    const state = order === null || answeredAt === null ? undefined : { status: order.status, answeredAt };
    return { kind: 'recent', state, retryAt };
  }

  /** Syncs an order that is leased, and ends the lease. No transaction is open while Appmax is asked. */
  perform(lease: SyncLease, reason: SyncReason, named?: Merchant): Promise<SyncOutcome> {
    return this.queue.during(lease, () => this.performLeased(lease, reason, named));
  }

  private async performLeased(lease: SyncLease, reason: SyncReason, named?: Merchant): Promise<SyncOutcome> {
    const order = await this.orders.find(lease.orderId);
    const merchant = order === null ? named : await this.installations.getById(order.installationId);
    if (merchant === undefined) {
      await this.queue.finish(lease, { nextAt: null, answered: false });
      return { kind: 'unknown' };
    }
    // A merchant whose reads are slow, or wait for their turn, must not use up the concurrency that all merchants share.
    const busy = this.underWay.get(merchant.installationId) ?? 0;
    if (busy >= MOST_PER_MERCHANT && reason !== 'admin')
      return this.putOff(lease, secondsAfter(lease.now, 1));
    this.underWay.set(merchant.installationId, busy + 1);
    try {
      return await this.ask({ lease, reason, order, merchant });
    } finally {
      this.leave(merchant.installationId);
    }
  }

  private async ask({ lease, reason, order, merchant }: Asking): Promise<SyncOutcome> {
    const slot = await this.budget.take(merchant.installationId, reason);
    if ('retryAt' in slot) return this.putOff(lease, slot.retryAt);
    await sleep(slot.waitSeconds * 1000);
    const askedAt = await this.queue.recordRead(lease);
    if (askedAt === undefined) return { kind: 'recent' };
    const asking = { ...lease, askedAt };
    try {
      const state = await this.appmax.getOrder(merchant.credentials, lease.orderId, 'background');
      return await this.apply({ lease: asking, askedAt, state, order, merchant });
    } catch (error) {
      if (!(error instanceof AppmaxFailure)) throw error;
      return this.fail(asking, error, order);
    }
  }

  private leave(installationId: number): void {
    const left = (this.underWay.get(installationId) ?? 1) - 1;
    if (left === 0) this.underWay.delete(installationId);
    else this.underWay.set(installationId, left);
  }

  private async apply(
    asked: Omit<Asking, 'reason'> & { askedAt: Date; state: AppmaxOrderState },
  ): Promise<SyncOutcome> {
    const { lease, askedAt, state, merchant } = asked;
    if (state.id !== lease.orderId) throw new AppmaxFailure('unknown', 'orders/:id');
    const order = asked.order ?? (await this.orders.adopt({ merchant, state }));
    if (order === undefined) throw new AppmaxFailure('refused', 'orders/:id', { status: 404 });
    const applied = await this.dataSource
      .transaction(async (manager) => {
        // The order's row is locked before the sync's: every writer of a status takes them in this order.
        let mayAdopt = true;
        for (const observer of this.observers)
          mayAdopt = (await observer.observe(manager, { order, state, askedAt })).mayAdopt && mayAdopt;
        const outcome = mayAdopt
          ? await this.orders.applyAppmaxState(manager, { order, status: state.status })
          : 'lagging';
        const changed = outcome !== 'same' && outcome !== 'lagging';
        const since = changed ? askedAt : lease.since;
        const nextAt = nextSyncAt({ status: state.status, since, now: askedAt });
        const unexpected = outcome === 'changed unexpectedly';
        const finish = { nextAt: outcome === 'overtaken' ? askedAt : nextAt, answered: true, unexpected };
        if (!(await this.queue.finish(lease, finish, manager))) throw new LeaseLost();
        return outcome;
      })
      .catch((error: unknown) => {
        if (error instanceof LeaseLost) return 'lost' as const;
        throw error;
      });
    if (applied === 'lagging')
      this.logger.warn(
        `Order ${lease.orderId}: Appmax says ${state.status}, though it has accepted a payment; its status stays`,
      );
    if (applied === 'lost' || applied === 'overtaken' || applied === 'lagging') return { kind: 'recent' };
    if (applied === 'changed unexpectedly') {
      this.unexpected.inc();
      this.logger.warn(
        `Order ${lease.orderId}: Appmax says ${state.status} after ${order.status}, which was not expected`,
      );
    }
    const known = { status: state.status, answeredAt: askedAt };
    for (const listener of this.listeners) await listener(lease.orderId, known);
    return { kind: 'fresh', state: known };
  }

  private async putOff(lease: SyncLease, retryAt: Date): Promise<SyncOutcome> {
    await this.queue.finish(lease, { nextAt: retryAt, answered: false });
    return { kind: 'recent', retryAt };
  }

  /** Whether an order has no scheduled sync left and too many of its syncs have failed. */
  private isHopeless({ since, now, failures }: SyncLease, { status }: Order): boolean {
    return failures >= MOST_FAILURES && nextSyncAt({ status, since, now }) === null;
  }

  private async fail(lease: SyncLease, failure: AppmaxFailure, order: Order | null): Promise<SyncOutcome> {
    const pause = Math.max(failure.retryAfterSeconds ?? 0, backoff(lease.failures + 1, FAILURE_PAUSE));
    const retryAt = secondsAfter(lease.now, pause);
    const problem =
      failure.status === 404
        ? 'Appmax does not know the order'
        : `Appmax could not be asked (${failure.message})`;
    const nextAt = order === null || this.isHopeless(lease, order) ? null : retryAt;
    await this.queue.finish(lease, { nextAt, answered: false, error: problem });
    return { kind: 'failed', problem, retryAt };
  }
}

function secondsAfter(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}

/** Another instance has taken over: what was learned here is older than what it learns. */
class LeaseLost extends Error {}
