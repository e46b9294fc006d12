import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { groupBy } from '../../common/group-by';
import { queryRows } from '../../database';
import type { OrderStatus } from '../orders.service';
import { foldAssertedStatuses } from './lifecycle';

/** An asserted status, and the status that its order has when it is locked. */
interface Assertion {
  readonly orderId: number;
  readonly orderStatus: string;
  readonly asserted: OrderStatus;
}

/** A row of `order_claims`. */
interface Fold {
  readonly appmax_order_id: number;
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
    return (await this.lockAll(manager, [orderId])).get(orderId);
  }

  /** Locks orders until the end of the transaction. @returns the statuses of those that are in our database. */
  async lockAll(manager: EntityManager, orderIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const rows = await queryRows<{ id: number; status: string }>(
      manager,
      'SELECT appmax_order_id AS id, status FROM orders WHERE appmax_order_id = ANY($1) ORDER BY orders.id FOR UPDATE',
      [orderIds],
    );
    return new Map(rows.map(({ id, status }) => [id, status]));
  }

  /** Adds an asserted status to a locked order, and writes the resulting status. */
  async add(manager: EntityManager, assertion: Assertion): Promise<void> {
    await this.addAll(manager, [assertion]);
  }

  /** Adds asserted statuses to locked orders, any number to each, and writes the resulting statuses. */
  async addAll(manager: EntityManager, assertions: readonly Assertion[]): Promise<void> {
    if (assertions.length === 0) return;
    const orders = groupBy(assertions, ({ orderId }) => orderId);
    const rows = await queryRows<Fold>(
      manager,
      'SELECT appmax_order_id, base_status, claimed, folded_status FROM order_claims WHERE appmax_order_id = ANY($1)',
      [[...orders.keys()]],
    );
    const stored = new Map(rows.map((fold) => [fold.appmax_order_id, fold]));
    const folds = [...orders].map(([orderId, added]) => foldOf(orderId, added, stored.get(orderId)));
    await manager.query(
      `WITH folds AS (
         SELECT id, base, string_to_array(claimed, ',')::varchar[] AS claimed, folded
         FROM unnest($1::integer[], $2::varchar[], $3::text[], $4::varchar[]) AS f (id, base, claimed, folded)),
       kept AS (
         INSERT INTO order_claims (appmax_order_id, base_status, claimed, folded_status) SELECT * FROM folds ORDER BY id
         ON CONFLICT (appmax_order_id) DO UPDATE
         SET base_status = excluded.base_status, claimed = excluded.claimed, folded_status = excluded.folded_status)
       UPDATE orders o SET status = f.folded FROM folds f WHERE o.appmax_order_id = f.id AND o.status <> f.folded`,
      [
        folds.map((fold) => fold.appmax_order_id),
        folds.map((fold) => fold.base_status),
        folds.map((fold) => fold.claimed.join(',')),
        folds.map((fold) => fold.folded_status),
      ],
    );
  }
}

/** Adds asserted statuses to an order's fold. @param added at least one, each with the order's status. */
function foldOf(orderId: number, added: readonly Assertion[], fold: Fold | undefined): Fold {
  const [{ orderStatus } = { orderStatus: '' }] = added;
  // If the order's status is not the folded one, a payment or Appmax has set it since: it is the new base.
  const isFolded = fold !== undefined && fold.folded_status === orderStatus;
  const base = isFolded ? fold.base_status : orderStatus;
  const claimed = [...new Set([...(isFolded ? fold.claimed : []), ...added.map(({ asserted }) => asserted)])];
  return {
    appmax_order_id: orderId,
    base_status: base,
    claimed,
    folded_status: foldAssertedStatuses(base, claimed),
  };
}
