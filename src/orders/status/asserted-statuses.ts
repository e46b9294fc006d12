import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { queryRows } from '../../database';
import type { OrderStatus } from '../orders.service';
import { foldAssertedStatuses } from './lifecycle';

interface Fold {
  readonly base_status: string;
  readonly claimed: string[];
  readonly folded_status: string;
}

/**
 * Applies the statuses that webhooks assert, if webhooks are not verified. Events arrive in any sequence, so their
 * statuses are not applied one by one: they are stored as a set, with the base status from a payment or Appmax, and the
 * whole set is folded into the order's status (lifecycle.ts).
 */
@Injectable()
export class AssertedStatuses {
  /**
   * Locks an order until the end of the transaction.
   *
   * @returns its status; undefined if it is not in our database.
   */
  async lock(manager: EntityManager, orderId: number): Promise<string | undefined> {
    const [row] = await queryRows<{ status: string }>(
      manager,
      'SELECT status FROM orders WHERE appmax_order_id = $1 FOR UPDATE',
      [orderId],
    );
    return row?.status;
  }

  /** Adds an asserted status to a locked order, and writes the resulting status. */
  async add(
    manager: EntityManager,
    { orderId, orderStatus, asserted }: { orderId: number; orderStatus: string; asserted: OrderStatus },
  ): Promise<void> {
    const [fold] = await queryRows<Fold>(
      manager,
      'SELECT base_status, claimed, folded_status FROM order_claims WHERE appmax_order_id = $1',
      [orderId],
    );
    // If the order's status is not the folded one, a payment or Appmax has set it since: it is the new base.
    const isFolded = fold !== undefined && fold.folded_status === orderStatus;
    const base = isFolded ? fold.base_status : orderStatus;
    const statuses = [...new Set([...(isFolded ? fold.claimed : []), asserted])];
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
