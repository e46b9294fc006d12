import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { queryRows } from '../../database';
import { foldAssertedStatuses } from './lifecycle';
import type { OrderStatus } from '../orders.service';

interface Fold {
  readonly base_status: string;
  readonly claimed: string[];
  readonly folded_status: string;
}

/**
 * Keeps the statuses that webhooks assert, where webhooks are not verified. An asserted status is not applied to the one
 * before it, or the end would depend on the order in which they came: they are kept as a set beside the status that
 * payments (or Appmax) gave the order, and the order's status is what the whole set folds into (lifecycle.ts).
 */
@Injectable()
export class AssertedStatuses {
  /**
   * Locks an order until the end of the transaction.
   *
   * @returns its status, undefined where it is not in our database.
   */
  async lock(manager: EntityManager, orderId: number): Promise<string | undefined> {
    const [row] = await queryRows<{ status: string }>(
      manager,
      'SELECT status FROM orders WHERE appmax_order_id = $1 FOR UPDATE',
      [orderId],
    );
    return row?.status;
  }

  /** Adds an asserted status to an order that is locked, and writes the status that follows. */
  async add(
    manager: EntityManager,
    { orderId, orderStatus, asserted }: { orderId: number; orderStatus: string; asserted: OrderStatus },
  ): Promise<void> {
    const [fold] = await queryRows<Fold>(
      manager,
      'SELECT base_status, claimed, folded_status FROM order_claims WHERE appmax_order_id = $1',
      [orderId],
    );
    // A status that no assertion gave the order is newer than all of them: a payment's, or Appmax's own.
    const isOurs = fold !== undefined && fold.folded_status === orderStatus;
    const base = isOurs ? fold.base_status : orderStatus;
    const statuses = [...new Set([...(isOurs ? fold.claimed : []), asserted])];
    const folded = foldAssertedStatuses(base, statuses);
    await manager.query(
      `WITH kept AS (
         INSERT INTO order_claims (appmax_order_id, base_status, claimed, folded_status) VALUES ($1, $2, $3, $4)
         ON CONFLICT (appmax_order_id) DO UPDATE
         SET base_status = excluded.base_status, claimed = excluded.claimed, folded_status = excluded.folded_status)
       UPDATE orders SET status = $4 WHERE appmax_order_id = $1 AND status <> $4`,
      [orderId, base, statuses, folded],
    );
  }
}
