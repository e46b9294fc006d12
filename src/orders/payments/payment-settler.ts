import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppmaxClient } from '../../appmax/appmax.client';
import { AppmaxFailure } from '../../appmax/appmax-failure';
import { BackgroundLoop } from '../../common/background-loop';
import type { Config } from '../../config/config';
import { CONFIG } from '../../config/config.module';
import { InstallationsService } from '../../installations/installations.service';
import { OrdersService } from '../orders.service';
import { ReadBudget } from '../refresh/read-budget';
import { judge } from './attempt-outcome';
import { PaymentAttempts, type OpenAttempt } from './payment-attempts';

const ROUND_MILLISECONDS = 500;

/** Finds out what became of payments whose answer was lost, or whose process died, by asking Appmax for their orders. */
@Injectable()
export class PaymentSettler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Payments');
  private readonly loop = new BackgroundLoop('Payments', ROUND_MILLISECONDS, () => this.round());

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly appmax: AppmaxClient,
    private readonly installations: InstallationsService,
    private readonly attempts: PaymentAttempts,
    private readonly orders: OrdersService,
    private readonly budget: ReadBudget,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  private async round(): Promise<void> {
    let due: OpenAttempt[];
    do {
      due = await this.attempts.claimDue();
      await Promise.all(due.map((attempt) => this.settle(attempt)));
    } while (due.length > 0);
  }

  /** An attempt that can't be settled now has its next turn already. */
  private async settle(attempt: OpenAttempt): Promise<void> {
    try {
      const status = await this.statusAtAppmax(attempt);
      const { paymentSettleSeconds: settleSeconds } = this.config;
      const outcome = judge({ ...attempt, status, settleSeconds });
      if (outcome === 'wait') return;
      await this.dataSource.transaction(async (manager) => {
        if (status !== undefined) await this.orders.takeStatus(attempt.orderId, status, manager);
        await this.attempts.settle({ id: attempt.id, outcome, status }, manager);
      });
      this.logger.log(
        { orderId: attempt.appmaxOrderId, outcome },
        'A payment whose answer was lost is settled',
      );
    } catch (error) {
      if (!(error instanceof AppmaxFailure)) throw error;
      this.logger.warn(
        { orderId: attempt.appmaxOrderId, reason: error.message },
        'A payment can not be settled yet',
      );
    }
  }

  /** @returns undefined when Appmax doesn't know the order. */
  private async statusAtAppmax({ installationId, appmaxOrderId }: OpenAttempt): Promise<string | undefined> {
    const { credentials } = await this.installations.getById(installationId);
    await this.budget.takeAnyway(installationId);
    try {
      return (await this.appmax.getOrder(credentials, appmaxOrderId, 'background')).status;
    } catch (error) {
      if (error instanceof AppmaxFailure && error.status === 404) return undefined;
      throw error;
    }
  }
}
