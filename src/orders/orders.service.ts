import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import type { AppmaxOrderState, OrderStatus } from '../appmax';
import { queryRows } from '../database';
import type { Merchant } from '../installations';
import { Order } from './order.entity';
import { isKnown, mayBecome } from './status/status-rules';

/** An order to save. It exists at Appmax. */
export interface NewOrder {
  readonly installationId: number;
  readonly appmaxCustomerId: number;
  readonly appmaxOrderId: number;
  readonly totalCents: number;
  /** Its status at Appmax; `pendente` if missing. */
  readonly status?: string;
}

export type { OrderStatus };

/** The result of applying a status from Appmax. `overtaken`: the order has changed since Appmax was asked. */
export type AppliedState = 'same' | 'changed' | 'changed unexpectedly' | 'overtaken';

/** Reads and writes the rows of orders. */
@Injectable()
export class OrdersService {
  constructor(@InjectRepository(Order) private readonly orders: Repository<Order>) {}

  /** Saves an order. An existing row stays unchanged; two paths may save the same order at the same time. */
  async save(order: NewOrder): Promise<Order> {
    await this.orders
      .createQueryBuilder()
      .insert()
      .values({ ...order, status: order.status ?? 'pendente' })
      .orIgnore()
      .execute();
    return this.orders.findOneByOrFail({ appmaxOrderId: order.appmaxOrderId });
  }

  /** Returns those of some order ids whose orders are in the database. */
  async known(appmaxOrderIds: readonly number[]): Promise<ReadonlySet<number>> {
    const rows = await queryRows<{ id: number }>(
      this.orders.manager,
      'SELECT appmax_order_id AS id FROM orders WHERE appmax_order_id = ANY($1)',
      [appmaxOrderIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  async find(appmaxOrderId: number): Promise<Order | null> {
    return this.orders.findOneBy({ appmaxOrderId });
  }

  /** @throws EntityNotFoundError */
  async getById(id: number): Promise<Order> {
    return this.orders.findOneByOrFail({ id });
  }

  /**
   * Applies the order's status at Appmax, even if the rules do not allow the change. If the order has changed since
   * Appmax was asked, nothing is applied, because the answer may be outdated.
   *
   * @param manager the transaction that finishes the sync.
   * @param applied the order as it was before Appmax was asked, and the status in Appmax's answer.
   */
  async applyAppmaxState(
    manager: EntityManager,
    { order, status }: { order: Order; status: string },
  ): Promise<AppliedState> {
    const [row] = await queryRows<{ status: string }>(
      manager,
      'SELECT status FROM orders WHERE id = $1 FOR UPDATE',
      [order.id],
    );
    if (row?.status !== order.status) return 'overtaken';
    if (row.status === status) return 'same';
    await manager.query('UPDATE orders SET status = $2 WHERE id = $1', [order.id, status]);
    return isKnown(status) && mayBecome(row.status, status) ? 'changed' : 'changed unexpectedly';
  }

  /**
   * Saves an order that Appmax has for a merchant, with its status there.
   *
   * @returns undefined if it belongs to another merchant, or Appmax's answer has no customer.
   */
  async adopt({
    merchant,
    state,
  }: {
    merchant: Merchant;
    state: AppmaxOrderState;
  }): Promise<Order | undefined> {
    if (state.customerId === undefined) return undefined;
    const order = await this.save({
      installationId: merchant.installationId,
      appmaxCustomerId: state.customerId,
      appmaxOrderId: state.id,
      totalCents: state.totalCents,
      status: state.status,
    });
    return order.installationId === merchant.installationId ? order : undefined;
  }
}
