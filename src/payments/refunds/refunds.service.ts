import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { AppmaxClient, AppmaxFailure, failureToApiError, orApiError } from '../../appmax';
import type { Lease } from '../../common/leases/lease';
import { maskPersonalData } from '../../common/masking';
import { CONFIG, type Config } from '../../config';
import { queryRows } from '../../database';
import { IdempotencyContext } from '../../idempotency';
import type { Merchant } from '../../installations';
import type { Order } from '../../orders';
import {
  notRefundable,
  paymentNotMade,
  refundInProgress,
  refundTooLarge,
  refundUnclear,
  refundUnknown,
} from '../errors';
import { Ledger, saleOf, type SaleOperation } from '../operations/ledger';
import { FenceError } from '../operations/operation-fence';
import { toReading } from '../operations/order-reading';
import { OperationsRepository } from '../operations/rows/operations.repository';
import type { OperationState, OrderReading, Sale } from '../operations/state/operation';
import { isRefund, RULES } from '../operations/state/rules';
import { OrderRows } from '../order-rows';

/** The longest time that a refund waits for a running refund of its order, and the polling interval. */
const WAIT_MILLISECONDS = 25_000;
const POLL_MILLISECONDS = 100;

/** A refund to request; a partial one has `value`, in cents. */
export interface RefundRequest {
  readonly merchant: Merchant;
  readonly order: Order;
  readonly type: 'total' | 'partial';
  readonly value?: number | undefined;
  /** The reason that an operator has given. */
  readonly reason?: string | undefined;
}

/** A refund that is ready to be sent. After a partial refund, even the whole rest is a partial refund. */
interface PreparedRefund {
  readonly lease: Lease;
  readonly type: 'total' | 'partial';
  readonly amountCents: number;
}

/** The state of an order's refunds, for a decision about another one. */
interface Refunds {
  /** True while a refund of the order is running. */
  readonly isBusy: boolean;
  /** The id of the newest refund; 0 if there is none. */
  readonly newest: number;
  readonly takenCents: number;
}

/**
 * Requests refunds, together never for more than was paid: the order's total, or what Appmax says was paid if that is
 * more. A refund with an unknown outcome counts as
 * accepted, is not sent again, and blocks other refunds of the order until evidence or a person settles it.
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
   * Requests a refund from Appmax. Acceptance does not mean that it is refunded: a later reading or webhook shows that.
   *
   * @throws ApiError 409 if the order cannot be refunded or another refund is open, 422 if the refunds would exceed the
   * total, 502 if Appmax may have accepted it.
   */
  async request(refund: RefundRequest): Promise<void> {
    const { order } = refund;
    if (await this.isDoneAlready(order)) return;
    const prepared = await this.prepare(refund);
    const operation = { id: prepared.lease.id, sale: saleOf(order.id), orderId: order.id };
    await this.ledger.during(prepared.lease, () => this.send(refund, prepared, operation));
  }

  /** Checks an earlier attempt of the same request. @returns true if it was accepted; false if nothing was sent. */
  private async isDoneAlready(order: Order): Promise<boolean> {
    const own = (await this.operations.ofCurrentKey()).findLast(({ kind }) => kind === 'refund');
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
   * Waits until no refund of the order is running, because its outcome changes the refundable rest. Then reads the
   * order at Appmax: this is the baseline of the new refund, so no other refund may be sent in between.
   */
  private async prepare(refund: RefundRequest): Promise<PreparedRefund> {
    const { merchant, order } = refund;
    const end = performance.now() + WAIT_MILLISECONDS;
    for (;;) {
      const before = await this.refundsOf(order);
      if (!before.isBusy) {
        const baseline = await this.read(merchant, order);
        if (!RULES.isRefundable(baseline.status)) throw notRefundable({ ...order, status: baseline.status });
        const prepared = await this.tryToPrepare(refund, { baseline, before });
        if (prepared !== undefined) return prepared;
      }
      if (performance.now() > end) throw refundInProgress(order);
      await sleep(POLL_MILLISECONDS);
    }
  }

  /** Reads the order at Appmax, and judges its earlier refunds by the same reading. */
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

  /** Reads the state of the order's refunds. @throws ApiError 409 if one has an unknown outcome. */
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
   * Prepares a refund under a lock on the order's row, because a unique index cannot limit a sum.
   *
   * @returns undefined if another refund came first.
   */
  private tryToPrepare(
    { merchant, order, type, value, reason }: RefundRequest,
    { baseline, before }: { baseline: OrderReading; before: Refunds },
  ): Promise<PreparedRefund | undefined> {
    return this.dataSource.transaction(async (manager) => {
      const row = await this.orderRows.lock(manager, order.id);
      const now = await this.refundsOf(order, manager);
      if (now.isBusy || now.newest !== before.newest) return undefined;
      const paidCents = Math.max((row ?? order).totalCents, baseline.totalPaidCents ?? 0);
      const left = paidCents - now.takenCents;
      const amountCents = type === 'total' ? left : (value ?? 0);
      if (amountCents > left || left <= 0) throw refundTooLarge(Math.max(0, left));
      const typeToSend = type === 'total' && now.takenCents > 0 ? 'partial' : type;
      const lease = await this.operations.prepare(
        {
          kind: 'refund',
          installationId: merchant.installationId,
          orderId: order.id,
          sale: saleOf(order.id),
          amountCents,
          refundType: typeToSend,
          callLimitSeconds: this.config.appmax.timeoutSeconds,
          baseline,
        },
        manager,
      );
      if (lease === undefined) return undefined;
      if (reason !== undefined)
        await queryRows(manager, 'INSERT INTO refund_reasons (operation_id, reason) VALUES ($1, $2)', [
          lease.id,
          maskPersonalData(reason),
        ]);
      return { lease, type: typeToSend, amountCents };
    });
  }

  private async send(
    { merchant, order }: RefundRequest,
    { lease, type, amountCents }: PreparedRefund,
    operation: SaleOperation,
  ): Promise<void> {
    const fence = this.ledger.fence(lease);
    const saveAnswer = (answer: Parameters<Ledger['answer']>[2]): Promise<Sale> =>
      this.ledger.change(operation.sale, operation.orderId, {
        type: 'answered',
        id: operation.id,
        answer,
      });
    try {
      const request = { orderId: order.appmaxOrderId, type, value: amountCents };
      await this.appmax.requestRefund(merchant.credentials, request, fence);
      await saveAnswer({ kind: 'accepted', status: null });
    } catch (error) {
      const failure = error instanceof Error ? error.message.slice(0, 200) : 'failed';
      if (!fence.isSent) {
        const { state } = await this.ledger.fail(operation, failure);
        if (state === 'unknown') throw refundUnknown(order, error);
        if (error instanceof FenceError) throw refundInProgress(order);
        throw error instanceof AppmaxFailure ? failureToApiError(error, 'refund request failed') : error;
      }
      if (error instanceof AppmaxFailure && error.kind !== 'unknown') {
        await saveAnswer({ kind: 'refused', failure });
        throw failureToApiError(error, 'refund request failed');
      }
      if (!(error instanceof AppmaxFailure))
        this.logger.error(error, 'A refund was sent, but its outcome could not be saved');
      await saveAnswer({ kind: 'lost', failure }).catch(() => undefined);
      throw refundUnknown(order, error);
    }
  }
}
