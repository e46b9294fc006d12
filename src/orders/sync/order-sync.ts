import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { AppmaxClient, AppmaxFailure, type AppmaxOrderState } from '../../appmax';
import { backoff } from '../../common/backoff';
import { logText } from '../../common/log-text';
import { InstallationsService, type Merchant } from '../../installations';
import type { Order } from '../order.entity';
import { OrdersService } from '../orders.service';
import { OrderStateListeners } from './order-state-listeners';
import { ReadBudget, type Slot } from './read-budget';
import type { SyncLease } from './sync-lease';
import { type SyncOutcome, type SyncRequest, wasSent } from './sync-outcome';
import { isLease, SyncQueue } from './sync-queue';
import { type Purpose, purposeOf, reasonOf, type SyncReason } from './sync-reasons';
import { isScheduleDue, nextSyncAt } from './sync-schedule';

/** A read that is about to be sent. */
interface PreparedRead {
  readonly lease: SyncLease;
  readonly reason: SyncReason;
  readonly order: Order | null;
  readonly merchant: Merchant;
}

/** After this many consecutive failures (about three days) an order without a scheduled sync is not synced again. */
const MAXIMUM_FAILURES = 20;
/** The maximum number of simultaneous reads of one merchant on an instance. */
const MAXIMUM_PER_MERCHANT = 3;
const FAILURE_PAUSE = { firstSeconds: 30, longestSeconds: 6 * 3600 };

/** Syncs orders: reads an order from Appmax and applies its status. */
@Injectable()
export class OrderSync {
  private readonly logger = new Logger('OrderSync');
  /** The number of running reads of this instance, by installation. */
  private readonly running = new Map<number, number>();
  private readonly unexpected: Counter;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly appmax: AppmaxClient,
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly queue: SyncQueue,
    private readonly budget: ReadBudget,
    private readonly registered: OrderStateListeners,
    registry: Registry,
  ) {
    this.unexpected = new Counter({
      name: 'order_status_unexpected_total',
      help: 'Statuses at Appmax that were applied although the rules do not allow the change',
      registers: [registry],
    });
  }

  /** Syncs an order: one instance at a time, and at most once per interval. */
  async sync({ orderId, reason, merchant, isUrgent = false }: SyncRequest): Promise<SyncOutcome> {
    const lease = await this.queue.lease(orderId, isUrgent);
    if (isLease(lease)) return this.perform(lease, reason, merchant);
    const { lastAskedAt: askedAt, retryAt } = lease;
    const order = askedAt === null ? null : await this.orders.find(orderId);
    const state = order === null || askedAt === null ? undefined : { status: order.status, askedAt };
    return { kind: 'recent', state, retryAt };
  }

  /** Syncs a leased order, and ends the lease. No transaction is open during the call to Appmax. */
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
    // An order without any payment attempt is not read. The schedule goes on: it may be paid later.
    if (reason === 'reconcile' && order !== null && !lease.mayBePaid)
      return this.postpone(lease, nextSyncAt({ ...lease, status: order.status }));
    // A merchant with slow or delayed reads must not use all workers, which the merchants share.
    const running = this.running.get(merchant.installationId) ?? 0;
    if (running >= MAXIMUM_PER_MERCHANT && reason !== 'admin')
      return { ...(await this.postpone(lease, secondsAfter(lease.now, 1))), isMerchantBusy: true };
    this.running.set(merchant.installationId, running + 1);
    try {
      return await this.read({ lease, reason, order, merchant });
    } finally {
      this.endRead(merchant.installationId);
    }
  }

  private async read({ lease, reason, order, merchant }: PreparedRead): Promise<SyncOutcome> {
    const { slot, purpose } = await this.takeSlot({ lease, reason, order, merchant });
    if ('retryAt' in slot) {
      const isRefused = purpose === 'webhook' && slot.isDayUsedUp;
      const outcome = isRefused
        ? await this.leaveToSchedule(lease, order, slot.retryAt)
        : await this.postpone(lease, slot.retryAt);
      return { ...outcome, isMerchantBusy: true };
    }
    await sleep(slot.waitSeconds * 1000);
    const askedAt = await this.queue.recordRead(lease, purpose === 'webhook');
    if (askedAt === undefined) return { kind: 'recent' };
    const askedLease = { ...lease, askedAt };
    try {
      const state = await this.appmax.getOrder(merchant.credentials, lease.orderId, 'background');
      return await this.apply({ lease: askedLease, askedAt, state, order, merchant });
    } catch (error) {
      if (!(error instanceof AppmaxFailure)) throw error;
      return this.fail(askedLease, error, order);
    }
  }

  /** Takes a read of the budget: that of the reason or, if the schedule has a sync due as well, that of the schedule. */
  private async takeSlot({
    lease,
    reason,
    order,
    merchant,
  }: PreparedRead): Promise<{ slot: Slot; purpose: Purpose }> {
    const { installationId } = merchant;
    const purpose = purposeOf(reason);
    const slot = await this.budget.take(installationId, { ...lease, reason });
    if (purpose !== 'webhook' || !('retryAt' in slot) || !slot.isDayUsedUp) return { slot, purpose };
    if (order === null || !lease.mayBePaid || !isScheduleDue({ ...lease, status: order.status }))
      return { slot, purpose };
    return {
      slot: await this.budget.take(installationId, { ...lease, reason: 'reconcile' }),
      purpose: 'sync',
    };
  }

  private endRead(installationId: number): void {
    const left = (this.running.get(installationId) ?? 1) - 1;
    if (left === 0) this.running.delete(installationId);
    else this.running.set(installationId, left);
  }

  private async apply(
    answered: Omit<PreparedRead, 'reason'> & { askedAt: Date; state: AppmaxOrderState },
  ): Promise<SyncOutcome> {
    const { lease, askedAt, state, merchant } = answered;
    if (state.id !== lease.orderId) throw new AppmaxFailure('unknown', 'orders/:id');
    const order = answered.order ?? (await this.orders.adopt({ merchant, state }));
    // An order of another merchant is treated like one that Appmax does not have.
    if (order === undefined) throw new AppmaxFailure('refused', 'orders/:id', { status: 404 });
    const applied = await this.dataSource
      .transaction(async (manager) => {
        // The row of the order is locked before that of the sync; every writer of a status locks them in this sequence.
        // `mayApply` is false if Appmax's API lags behind a payment that Appmax has accepted.
        let mayApply = true;
        for (const observer of this.registered.observers)
          mayApply = (await observer.observe(manager, { order, state, askedAt })).mayApply && mayApply;
        const outcome = mayApply
          ? await this.orders.applyAppmaxState(manager, { order, status: state.status })
          : 'lagging';
        const changed = outcome !== 'same' && outcome !== 'lagging';
        const since = changed ? askedAt : lease.since;
        const nextAt = nextSyncAt({ status: state.status, since, now: askedAt });
        const unexpected = outcome === 'changed unexpectedly';
        const finish = {
          nextAt: outcome === 'overtaken' ? askedAt : nextAt,
          answered: true,
          unexpected,
          hasPayment: state.method !== undefined,
        };
        if (!(await this.queue.finish(lease, finish, manager))) throw new LeaseLost();
        return outcome;
      })
      .catch((error: unknown) => {
        if (error instanceof LeaseLost) return 'lost' as const;
        throw error;
      });
    if (applied === 'lagging')
      this.logger.warn(
        logText`Order ${lease.orderId}: Appmax reports ${state.status} although it has accepted a payment; not applied`,
      );
    if (applied === 'lost' || applied === 'overtaken' || applied === 'lagging') return { kind: 'recent' };
    if (applied === 'changed unexpectedly') {
      this.unexpected.inc();
      this.logger.warn(
        logText`Order ${lease.orderId}: Appmax reports the unexpected status ${state.status} after ${order.status}`,
      );
    }
    const known = { status: state.status, askedAt };
    for (const listener of this.registered.listeners) await listener.onOrderState(lease.orderId, known);
    return { kind: 'fresh', state: known };
  }

  private async postpone(lease: SyncLease, retryAt: Date | null): Promise<SyncOutcome> {
    await this.queue.finish(lease, { nextAt: retryAt, answered: false });
    return { kind: 'recent', ...(retryAt === null ? {} : { retryAt }) };
  }

  /**
   * Forgets the request of a webhook that has no read left today: the order's next sync is that of the schedule. A sync
   * that an operator has requested as well follows at once.
   */
  private async leaveToSchedule(lease: SyncLease, order: Order | null, retryAt: Date): Promise<SyncOutcome> {
    const isOfOperator = lease.requestedAt !== null && purposeOf(reasonOf(lease.reason)) === 'operator';
    const scheduled = order === null ? null : nextSyncAt({ ...lease, status: order.status });
    const nextAt = isOfOperator ? lease.now : scheduled;
    await this.queue.finish(lease, { nextAt, answered: false, dropsRequest: !isOfOperator });
    return { kind: 'recent', retryAt };
  }

  /** Returns true if an order has no scheduled sync left and too many consecutive failures. */
  private hasFailedTooOften({ since, now, failures }: SyncLease, { status }: Order): boolean {
    return failures >= MAXIMUM_FAILURES && nextSyncAt({ status, since, now }) === null;
  }

  private async fail(lease: SyncLease, failure: AppmaxFailure, order: Order | null): Promise<SyncOutcome> {
    const pause = Math.max(failure.retryAfterSeconds ?? 0, backoff(lease.failures + 1, FAILURE_PAUSE));
    const retryAt = secondsAfter(lease.now, pause);
    const problem =
      failure.status === 404
        ? 'Appmax does not know the order'
        : `Appmax could not be asked (${failure.message})`;
    const nextAt = order === null || this.hasFailedTooOften(lease, order) ? null : retryAt;
    await this.queue.finish(lease, { nextAt, answered: false, error: problem });
    return { kind: 'failed', problem, retryAt, wasAsked: wasSent(failure) };
  }
}

function secondsAfter(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}

/** Thrown when another instance has the lease now. This answer is then older than that of the other instance. */
class LeaseLost extends Error {}
