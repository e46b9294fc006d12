import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { AppmaxClient, AppmaxFailure, failureToApiError, orApiError } from '../../appmax';
import type { Lease } from '../../common/leases/lease';
import { type Config, CONFIG } from '../../config';
import { IdempotencyContext } from '../../idempotency';
import type { Merchant } from '../../installations';
import type { Order } from '../../orders';
import {
  notRefundable,
  refundInProgress,
  refundTooLarge,
  refundUnclear,
  refundUnknown,
  paymentNotMade,
} from '../errors';
import { Ledger, saleOf, type SaleOperation } from '../operations/ledger';
import { FenceError } from '../operations/operation-fence';
import type { OperationState, OrderReading, Sale } from '../operations/state/operation';
import { OperationsRepository } from '../operations/operations.repository';
import { toReading } from '../operations/order-reading';
import { isRefund, RULES } from '../operations/state/rules';
import { OrderRows } from '../order-rows';

/** How long a refund waits for another one of its order that is under way, in milliseconds, and how often it looks. */
const WAIT_MILLISECONDS = 25_000;
const LOOK_MILLISECONDS = 100;

/** A refund to ask for; `value` in cents, with a partial one. */
export interface RefundRequest {
  readonly merchant: Merchant;
  readonly order: Order;
  readonly type: 'total' | 'partial';
  readonly value?: number | undefined;
}

/** What is sent to Appmax: the rest of an order that was refunded in parts is a part, too. */
interface Asked {
  readonly lease: Lease;
  readonly type: 'total' | 'partial';
  readonly amountCents: number;
}

/** The refunds of an order, as far as another one depends on them. */
interface Refunds {
  readonly isBusy: boolean;
  readonly newest: number;
  readonly takenCents: number;
}

/**
 * Asks for refunds, never for more than the order's total. A refund whose outcome is not known counts as accepted, is not
 * sent again, and keeps others back until evidence or a person settles it.
 */
@Injectable()
export class RefundsService {
  private readonly logger = new Logger('Payments');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly appmax: AppmaxClient,
    private readonly ledger: Ledger,
    private readonly operations: OperationsRepository,
    private readonly orderRows: OrderRows,
    private readonly idempotency: IdempotencyContext,
  ) {}

  /**
   * Asks Appmax for a refund. Accepted is not yet refunded: a reading or a webhook tells when it is.
   *
   * @throws ApiError 409 when the order can't be refunded or another refund is open, 422 when it would pass the total, 502
   * when it is not known whether Appmax accepted.
   */
  async request(refund: RefundRequest): Promise<void> {
    const { order } = refund;
    if (await this.isDoneAlready(order)) return;
    const asked = await this.prepare(refund);
    const operation = { id: asked.lease.id, sale: saleOf(order.id), orderId: order.id };
    await this.ledger.during(asked.lease, () => this.send(refund, asked, operation));
  }

  /** What an earlier try of the same request led to. @returns whether it was accepted. */
  private async isDoneAlready(order: Order): Promise<boolean> {
    const own = (await this.operations.ofPresentKey()).findLast(({ kind }) => kind === 'refund');
    const state: OperationState = own?.state ?? 'not_sent';
    switch (state) {
      case 'done':
      case 'confirmed':
      case 'denied':
        this.idempotency.markReplayed();
        return true;
      case 'sent':
      case 'unknown':
        throw refundUnknown(order);
      case 'refused':
      case 'declined':
      case 'not_done':
        throw paymentNotMade(order);
      case 'prepared':
      case 'not_sent':
        return false;
    }
  }

  /**
   * Waits for a refund of the same order that is under way, whose end decides how much is left; then asks Appmax for the
   * order. What it says is this refund's baseline: no other one may be sent in between.
   */
  private async prepare(refund: RefundRequest): Promise<Asked> {
    const { merchant, order } = refund;
    const end = performance.now() + WAIT_MILLISECONDS;
    for (;;) {
      const before = await this.refundsOf(order);
      if (!before.isBusy) {
        const baseline = await this.read(merchant, order);
        if (!RULES.isRefundable(baseline.status)) throw notRefundable({ ...order, status: baseline.status });
        const asked = await this.tryToPrepare(refund, { baseline, before });
        if (asked !== undefined) return asked;
      }
      if (performance.now() > end) throw refundInProgress(order);
      await sleep(LOOK_MILLISECONDS);
    }
  }

  /** What Appmax says of the order now; earlier refunds of it are judged by the same answer. */
  private async read(merchant: Merchant, order: Order): Promise<OrderReading> {
    const at = await this.operations.databaseNow();
    const state = await orApiError(
      this.appmax.getOrder(merchant.credentials, order.appmaxOrderId),
      'refund request failed',
    );
    const reading = toReading(state, at);
    await this.ledger.observe(saleOf(order.id), order.id, reading, at);
    return reading;
  }

  /** @throws ApiError 409 while one has an unknown outcome. */
  private async refundsOf(order: Order, manager?: EntityManager): Promise<Refunds> {
    const rows = await this.operations.ofSale(saleOf(order.id), manager === undefined ? {} : { manager });
    const refunds = this.ledger.view(rows, order).operations.filter(isRefund);
    if (refunds.some(({ state }) => state === 'unknown')) throw refundUnclear(order);
    return {
      isBusy: refunds.some(
        ({ state, leaseOver }) => (state === 'prepared' || state === 'sent') && !leaseOver,
      ),
      newest: Math.max(0, ...refunds.map(({ id }) => id)),
      takenCents: refunds
        .filter((operation) => RULES.countsAsRefunded(operation))
        .reduce((sum, { amountCents }) => sum + (amountCents ?? 0), 0),
    };
  }

  /**
   * The order's row is locked for the sum and the insert: a sum can't be held by an index.
   *
   * @returns undefined when another refund came first.
   */
  private tryToPrepare(
    { merchant, order, type, value }: RefundRequest,
    { baseline, before }: { baseline: OrderReading; before: Refunds },
  ): Promise<Asked | undefined> {
    return this.dataSource.transaction(async (manager) => {
      const row = await this.orderRows.lock(manager, order.id);
      const now = await this.refundsOf(order, manager);
      if (now.isBusy || now.newest !== before.newest) return undefined;
      const left = (row ?? order).totalCents - now.takenCents;
      const amountCents = type === 'total' ? left : (value ?? 0);
      if (amountCents > left || left <= 0) throw refundTooLarge(Math.max(0, left));
      const asked = type === 'total' && now.takenCents > 0 ? 'partial' : type;
      const lease = await this.operations.prepare(
        {
          kind: 'refund',
          installationId: merchant.installationId,
          orderId: order.id,
          sale: saleOf(order.id),
          amountCents,
          refundType: asked,
          callLimitSeconds: this.config.appmax.timeoutSeconds,
          baseline,
        },
        manager,
      );
      return lease === undefined ? undefined : { lease, type: asked, amountCents };
    });
  }

  private async send(
    { merchant, order }: RefundRequest,
    { lease, type, amountCents }: Asked,
    operation: SaleOperation,
  ): Promise<void> {
    const fence = this.ledger.fence(lease);
    const answered = (event: Parameters<Ledger['answer']>[2]): Promise<Sale> =>
      this.ledger.change(operation.sale, operation.orderId, {
        type: 'answered',
        id: operation.id,
        answer: event,
      });
    try {
      const request = { orderId: order.appmaxOrderId, type, value: amountCents };
      await this.appmax.requestRefund(merchant.credentials, request, fence);
      await answered({ kind: 'accepted', status: null });
    } catch (error) {
      const failure = error instanceof Error ? error.message.slice(0, 200) : 'failed';
      if (fence.sentAt() === undefined) {
        const { state } = await this.ledger.fail(operation, failure);
        if (state === 'unknown') throw refundUnknown(order, error);
        if (error instanceof FenceError) throw refundInProgress(order);
        throw error instanceof AppmaxFailure ? failureToApiError(error, 'refund request failed') : error;
      }
      if (error instanceof AppmaxFailure && error.kind !== 'unknown') {
        await answered({ kind: 'refused', failure });
        throw failureToApiError(error, 'refund request failed');
      }
      if (!(error instanceof AppmaxFailure))
        this.logger.error(error, 'A refund was sent, and what became of it could not be written down');
      await answered({ kind: 'lost', failure }).catch(() => undefined);
      throw refundUnknown(order, error);
    }
  }
}
