import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { WorkPool } from '../../common/work-pool';
import { type Config, CONFIG } from '../../config';
import { OrdersService } from '../orders.service';
import { OrderRefresher } from './order-refresher';
import { reasonOf } from './reasons';
import { RefreshQueue, type Claim } from './refresh-queue';
import { isDueForVisit, planNextVisit } from './visit-plan';

const LANES = 6;
const ROUND_MILLISECONDS = 1_000;

/**
 * Visits orders that are not settled, at growing intervals, and those that someone asked for: the safety net under
 * webhooks, which Appmax gives up on after hours.
 */
@Injectable()
export class Reconciler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly pool: WorkPool<Claim>;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly orders: OrdersService,
    private readonly queue: RefreshQueue,
    private readonly refresher: OrderRefresher,
  ) {
    this.pool = new WorkPool({
      name: 'Reconciler',
      lanes: LANES,
      milliseconds: ROUND_MILLISECONDS,
      claim: () => this.queue.claimDue(),
      perform: (claim) => this.visit(claim),
    });
  }

  onApplicationBootstrap(): void {
    if (this.config.backgroundWork) this.pool.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.pool.stop();
  }

  private async visit(claim: Claim): Promise<void> {
    const order = await this.orders.find(claim.orderId);
    const visit = { since: claim.since, now: claim.now, speed: this.config.reconcileSpeed };
    const isPlanned =
      order !== null &&
      (claim.failures > 0 || isDueForVisit({ status: order.status, ...visit }, claim.askedAt));
    if (claim.requestedAt !== null || isPlanned) {
      await this.refresher.perform(claim, reasonOf(claim.requestedAt === null ? null : claim.reason));
      return;
    }
    const nextAt = order === null ? null : planNextVisit({ status: order.status, ...visit });
    await this.queue.finish(claim, { nextAt, answered: false });
  }
}
