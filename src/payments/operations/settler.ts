import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { AppmaxClient, AppmaxFailure } from '../../appmax';
import { BackgroundLoop } from '../../common/background-loop';
import { inWorkSpan } from '../../common/tracing/spans';
import { CONFIG, type Config } from '../../config';
import { DueWork, SchemaState } from '../../database';
import { InstallationsService } from '../../installations';
import { OrdersService, ReadBudget } from '../../orders';
import { Ledger } from './ledger';
import { toReading } from './order-reading';
import {
  DUE_BATCH,
  type DueOperation,
  HAS_DUE_CHECKS,
  OperationsRepository,
} from './rows/operations.repository';
import { CLASS_OF_KIND, type Sale } from './state/operation';

/**
 * Settles operations whose process died or whose answer was lost: ends operations with an expired lease, and reads
 * their orders at Appmax. An operation that evidence cannot settle stays `unknown` and is shown to operators.
 */
@Injectable()
export class Settler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Payments');
  private readonly loop = new BackgroundLoop('Payments', Infinity, () => this.round());

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly appmax: AppmaxClient,
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly budget: ReadBudget,
    private readonly operations: OperationsRepository,
    private readonly ledger: Ledger,
    private readonly schema: SchemaState,
    private readonly dueWork: DueWork,
  ) {}

  onApplicationBootstrap(): void {
    this.schema.whenReady(() => {
      this.loop.start();
      this.dueWork.wakeIf(HAS_DUE_CHECKS, () => {
        this.loop.wake();
      });
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  /** Settles a batch of due operations. @returns 0 if there may be more. */
  private async round(): Promise<number | undefined> {
    const due = await this.operations.takeDue(this.config.paymentSettleSeconds);
    await Promise.all(
      due.map((operation) =>
        inWorkSpan({ name: 'settle operation', links: [operation.traceparent] }, () =>
          this.settle(operation),
        ),
      ),
    );
    return due.length === DUE_BATCH ? 0 : undefined;
  }

  /** Tries to settle one operation. The time of the next try is already saved. */
  private async settle(due: DueOperation): Promise<void> {
    const { id, sale, order_id: orderId } = due;
    if (sale === null) return;
    try {
      let after = await this.ledger.expireLeases(sale, orderId);
      if (stateIn(after, id) !== 'unknown') return;
      after =
        orderId !== null && needsReading(due)
          ? await this.readOrder(due, sale, orderId)
          : await this.ledger.observe(sale, orderId, null);
      const state = stateIn(after, id);
      if (state !== 'unknown')
        this.logger.log(
          { operationId: id, outcome: state },
          'An operation with an unknown outcome is settled',
        );
    } catch (error) {
      if (!(error instanceof AppmaxFailure)) throw error;
      this.logger.warn({ operationId: id, reason: error.message }, 'An operation cannot be settled yet');
    }
  }

  private async readOrder(
    { installation_id: installationId }: DueOperation,
    sale: string,
    orderId: number,
  ): Promise<Sale> {
    const [{ credentials }, order] = await Promise.all([
      this.installations.getById(installationId),
      this.orders.getById(orderId),
    ]);
    await this.budget.takeAnyway(installationId);
    const at = await this.operations.databaseNow();
    const state = await this.appmax.getOrder(credentials, order.appmaxOrderId, 'background');
    return this.ledger.observe(sale, orderId, toReading(state, at), at);
  }
}

/** Returns true if a reading can settle the operation. A lost code or order is settled by time alone. */
function needsReading({ kind }: DueOperation): boolean {
  const operationClass = CLASS_OF_KIND[kind];
  return operationClass === 'charge' || operationClass === 'refund';
}

function stateIn({ operations }: Sale, id: number): string | undefined {
  return operations.find((operation) => operation.id === id)?.state;
}
