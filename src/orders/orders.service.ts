import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { queryRows } from '../database';
import type { AppmaxOrderState, OrderStatus } from '../appmax';
import { INT32_MAX } from '../common/validation/validators';
import type { Merchant } from '../installations';
import { Order } from './order.entity';
import { isKnown, mayBecome } from './status/status-rules';
import { invalidOrderId, orderNotFound } from './errors';

/** An order that Appmax has made or already had. */
export interface NewOrder {
  readonly installationId: number;
  readonly appmaxCustomerId: number;
  readonly appmaxOrderId: number;
  readonly totalCents: number;
  /** Appmax's, where the order is not new. */
  readonly status?: string;
}

export type { OrderStatus };

/** What became of an answer of Appmax's. `overtaken`: the order has changed since Appmax was asked. */
export type AppliedState = 'same' | 'changed' | 'changed unexpectedly' | 'overtaken';

/** The rows of our orders. */
@Injectable()
export class OrdersService {
  constructor(@InjectRepository(Order) private readonly orders: Repository<Order>) {}

  /** Saves an order; one that is there already (it may be saved by two paths at once) stays as it is. */
  async save(order: NewOrder): Promise<Order> {
    await this.orders
      .createQueryBuilder()
      .insert()
      .values({ ...order, status: order.status ?? 'pendente' })
      .orIgnore()
      .execute();
    return this.orders.findOneByOrFail({ appmaxOrderId: order.appmaxOrderId });
  }

  async find(appmaxOrderId: number): Promise<Order | null> {
    return this.orders.findOneBy({ appmaxOrderId });
  }

  /**
   * The status of one merchant's order.
   *
   * @param orderId as it stands in the path.
   * @throws ApiError 400 `invalid order_id`, 404 `order not found` (another merchant's order included).
   */
  async status(installationId: number, orderId: string): Promise<{ status: string }> {
    const appmaxOrderId = parseOrderId(orderId);
    const order = await this.orders.findOneBy({ installationId, appmaxOrderId });
    if (order === null) throw orderNotFound();
    return { status: order.status };
  }

  /** @throws EntityNotFoundError */
  async getById(id: number): Promise<Order> {
    return this.orders.findOneByOrFail({ id });
  }

  /**
   * Gives an order the status that Appmax has just said, whatever it was: Appmax's word is the last, an edge that the
   * rules don't know included. But not if the order has changed since Appmax was asked: then its answer may be older.
   *
   * @param manager the transaction in which the sync is finished.
   * @param applied the order as it was before Appmax was asked, and what Appmax said.
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

  /** Makes an order that Appmax has for a merchant ours. @returns undefined when it is another merchant's. */
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

/**
 * An order id of a path.
 *
 * @throws ApiError 400 `invalid order_id`.
 */
export function parseOrderId(text: string): number {
  const orderId = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (orderId < 1 || orderId > INT32_MAX) throw invalidOrderId();
  return orderId;
}
