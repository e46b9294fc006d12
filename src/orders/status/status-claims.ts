import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { foldClaims } from './lifecycle';
import type { OrderStatus } from '../orders.service';

interface Fold {
  readonly base_status: string;
  readonly claimed: string[];
  readonly folded_status: string;
}

/**
 * What webhooks claim of orders, where they are taken at their word. Claims are not applied one upon the other, or an
 * order's status would depend on the order they came in: they are kept as a set beside the status that payments (or
 * Appmax) gave the order, and its status is what the whole set makes of that (lifecycle.ts).
 */
@Injectable()
export class StatusClaims {
  /**
   * Locks an order until the end of the transaction.
   *
   * @returns its status, undefined when we don't have it.
   */
  async lock(manager: EntityManager, orderId: number): Promise<string | undefined> {
    const [row] = await manager.query<{ status: string }[]>(
      'SELECT status FROM orders WHERE appmax_order_id = $1 FOR UPDATE',
      [orderId],
    );
    return row?.status;
  }

  /** Adds a claim to an order that is locked, and gives it the status that follows. @param now its status. */
  async add(
    manager: EntityManager,
    { orderId, now, claimed }: { orderId: number; now: string; claimed: OrderStatus },
  ): Promise<void> {
    const [fold] = await manager.query<Fold[]>(
      'SELECT base_status, claimed, folded_status FROM order_claims WHERE appmax_order_id = $1',
      [orderId],
    );
    // A status that no claim gave the order is newer than all claims so far: a payment's, or Appmax's own.
    const isOurs = fold !== undefined && fold.folded_status === now;
    const base = isOurs ? fold.base_status : now;
    const claims = [...new Set([...(isOurs ? fold.claimed : []), claimed])];
    const folded = foldClaims(base, claims);
    await manager.query(
      `WITH kept AS (
         INSERT INTO order_claims (appmax_order_id, base_status, claimed, folded_status) VALUES ($1, $2, $3, $4)
         ON CONFLICT (appmax_order_id) DO UPDATE
         SET base_status = excluded.base_status, claimed = excluded.claimed, folded_status = excluded.folded_status)
       UPDATE orders SET status = $4 WHERE appmax_order_id = $1 AND status <> $4`,
      [orderId, base, claims, folded],
    );
  }
}
