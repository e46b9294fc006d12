import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { WorkPool } from '../../common/work-pool';
import { type Config, CONFIG } from '../../config';
import { OrdersService } from '../orders.service';
import { OrderSync } from './order-sync';
import { reasonOf } from './sync-reasons';
import { SyncQueue, type SyncLease } from './sync-queue';
import { isSyncDue, nextSyncAt } from './sync-schedule';

const LANES = 6;
const ROUND_MILLISECONDS = 1_000;

/**
 * Syncs orders that are not settled, at growing intervals, and those that someone asked for: the safety net under
 * webhooks, which Appmax gives up on after hours.
 */
@Injectable()
export class SyncScheduler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly pool: WorkPool<SyncLease>;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly orders: OrdersService,
    private readonly queue: SyncQueue,
    private readonly orderSync: OrderSync,
  ) {
    this.pool = new WorkPool({
      name: 'SyncScheduler',
      lanes: LANES,
      milliseconds: ROUND_MILLISECONDS,
      take: () => this.queue.leaseDue(),
      perform: (lease) => this.sync(lease),
    });
  }

  onApplicationBootstrap(): void {
    if (this.config.backgroundWork) this.pool.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.pool.stop();
  }

  private async sync(lease: SyncLease): Promise<void> {
    const order = await this.orders.find(lease.orderId);
    const sync = { since: lease.since, now: lease.now, speed: this.config.reconcileSpeed };
    const isPlanned =
      order !== null && (lease.failures > 0 || isSyncDue({ status: order.status, ...sync }, lease.askedAt));
    if (lease.requestedAt !== null || isPlanned) {
      await this.orderSync.perform(lease, reasonOf(lease.requestedAt === null ? null : lease.reason));
      return;
    }
    const nextAt = order === null ? null : nextSyncAt({ status: order.status, ...sync });
    await this.queue.finish(lease, { nextAt, answered: false });
  }
}
