import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '../../common/background-loop';
import { inWorkSpan } from '../../common/tracing/spans';
import { WorkPool } from '../../common/work-pool';
import { CONFIG, type Config } from '../../config';
import { DueWork, SchemaState } from '../../database';
import { OrderSync } from './order-sync';
import type { SyncLease } from './sync-lease';
import { HAS_DUE_SYNCS, HAS_UNSCHEDULED, SCHEDULED_AT_ONCE, SyncQueue } from './sync-queue';
import { reasonOf } from './sync-reasons';
import { nextSyncAt } from './sync-schedule';

const WORKERS = 6;

/**
 * Syncs orders that are not settled, at growing intervals, and orders whose sync was requested. It also covers lost
 * webhooks: Appmax stops sending a webhook again after a few hours.
 */
@Injectable()
export class SyncScheduler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly pool: WorkPool<SyncLease>;
  private readonly scheduling: BackgroundLoop;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly queue: SyncQueue,
    private readonly orderSync: OrderSync,
    private readonly schema: SchemaState,
    private readonly dueWork: DueWork,
  ) {
    this.pool = new WorkPool({
      name: 'SyncScheduler',
      workers: WORKERS,
      take: () => this.queue.leaseDue(),
      perform: async (lease) => {
        const isRequested = lease.requestedAt !== null;
        const reason = isRequested ? reasonOf(lease.reason) : 'reconcile';
        await inWorkSpan(
          {
            name: 'sync order',
            attributes: { 'appmax_checkout.order_id': lease.orderId, 'appmax_checkout.reason': reason },
            links: isRequested ? [lease.traceparent] : [],
          },
          () => this.orderSync.perform(lease, reason),
        );
      },
    });
    this.scheduling = new BackgroundLoop('SyncSchedule', Infinity, () => this.schedule());
  }

  onApplicationBootstrap(): void {
    if (!this.config.backgroundWork) return;
    this.schema.whenReady(() => {
      this.pool.start();
      this.scheduling.start();
      this.queue.onRequest = () => {
        this.pool.wake();
      };
      this.dueWork.wakeIf(HAS_DUE_SYNCS, this.queue.onRequest);
      this.dueWork.wakeIf(HAS_UNSCHEDULED, () => {
        this.scheduling.wake();
      });
    });
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.pool.stop(), this.scheduling.stop()]);
  }

  /** Schedules the next sync of all orders whose status has changed. */
  private async schedule(): Promise<void> {
    for (;;) {
      const orders = await this.queue.unscheduled();
      if (orders.length === 0) return;
      const scheduled = await this.queue.schedule(
        orders.map((order) => ({ ...order, nextAt: nextSyncAt(order) })),
      );
      if (scheduled < SCHEDULED_AT_ONCE) return;
    }
  }
}
