import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppmaxClient, AppmaxFailure, failureToApiError } from '../../appmax';
import type { Merchant } from '../../installations';
import { OrdersService } from '../../orders';
import { alreadyPaid, inProgress } from '../errors';
import { EffectWriter } from '../operations/effect-writer';
import { Ledger, saleOf } from '../operations/ledger';
import { toReading } from '../operations/order-reading';
import { OperationsRepository } from '../operations/rows/operations.repository';
import { type CloseVerdict, closeVerdictOf } from '../operations/state/effect';
import type { OrderReading } from '../operations/state/operation';
import { transition } from '../operations/state/transition';
import { OrderRows } from '../order-rows';

/** Closes the order of a checkout session, so that another order of the session may be paid instead. */
@Injectable()
export class OrderClosing {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly appmax: AppmaxClient,
    private readonly orders: OrdersService,
    private readonly ledger: Ledger,
    private readonly operations: OperationsRepository,
    private readonly orderRows: OrderRows,
    private readonly effects: EffectWriter,
  ) {}

  /**
   * Closes an order. If a payment of it was ever sent, the order is read at Appmax first.
   *
   * @throws ApiError 409 if the order is paid or may still be paid; the errors of Appmax's failures.
   */
  async close(merchant: Merchant, orderId: number): Promise<void> {
    let verdict = await this.judge(orderId, null);
    if (verdict === 'read') {
      const order = await this.orders.getById(orderId);
      const at = await this.operations.databaseNow();
      verdict = await this.judge(orderId, await this.read(merchant, order.appmaxOrderId, at), at);
    }
    if (verdict === 'closed') return;
    const order = await this.orders.getById(orderId);
    throw verdict === 'paid' ? alreadyPaid(order) : inProgress(order);
  }

  private async read(merchant: Merchant, appmaxOrderId: number, at: Date): Promise<OrderReading> {
    try {
      return toReading(await this.appmax.getOrder(merchant.credentials, appmaxOrderId, 'payment'), at);
    } catch (error) {
      if (!(error instanceof AppmaxFailure)) throw error;
      throw failureToApiError(error, 'payment processing failed');
    }
  }

  /** Judges, and closes the order if it can't be paid any more, in one transaction. */
  private judge(orderId: number, reading: OrderReading | null, at?: Date): Promise<CloseVerdict> {
    const sale = saleOf(orderId);
    return this.dataSource.transaction(async (manager) => {
      await this.operations.ofSale(sale, { manager, lock: true });
      // Read again: a payment may have been inserted and sent before the locks of the first statement were held. The
      // fence of a payment needs these locks, so from here on none is sent.
      const rows = await this.operations.ofSale(sale, { manager, lock: true });
      const order = await this.orderRows.lock(manager, orderId, reading?.dueCents);
      if (order === undefined) throw new Error(`Order ${orderId} does not exist`);
      const before = this.ledger.view(rows, order, at);
      const { effects } = transition(before, { type: 'close', reading });
      await this.effects.write(manager, { orderId, before, effects, at });
      return closeVerdictOf(effects);
    });
  }
}
