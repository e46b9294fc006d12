import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { queryRows } from '../../database';
import { PAYABLE_STATUSES } from '../../orders';

/** An order of a checkout session. */
export interface SessionOrder {
  /** The id in our database. */
  readonly orderId: number;
  /** The total for which it was created, in cents. A reading may raise the order's own total. */
  readonly totalCents: number;
}

/** Closes an order: it takes no payment any more. The sale must be locked. */
export async function closeOrder(manager: EntityManager, orderId: number): Promise<void> {
  await manager.query(
    'UPDATE session_orders SET is_live = FALSE, closed_at = clock_timestamp() WHERE order_id = $1 AND is_live',
    [orderId],
  );
}

/** The table `session_orders`: the orders of checkout sessions, of which one per session may be live. */
@Injectable()
export class SessionOrders {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Returns the live order of a session. */
  async live(sessionId: number): Promise<SessionOrder | undefined> {
    const [row] = await queryRows<{ order_id: number; total_cents: number }>(
      this.dataSource,
      'SELECT order_id, total_cents FROM session_orders WHERE session_id = $1 AND is_live',
      [sessionId],
    );
    return row === undefined ? undefined : { orderId: row.order_id, totalCents: row.total_cents };
  }

  /** Returns an order of a session by its id; undefined if it belongs to none. */
  async find(orderId: number): Promise<SessionOrder | undefined> {
    const [row] = await queryRows<{ total_cents: number }>(
      this.dataSource,
      'SELECT total_cents FROM session_orders WHERE order_id = $1',
      [orderId],
    );
    return row === undefined ? undefined : { orderId, totalCents: row.total_cents };
  }

  /**
   * Adds an unpaid order to a session. If the session has a live order already, the new one is closed from the start: of
   * simultaneous requests, one attaches its order, and the others use that.
   *
   * The lock of the order excludes a change of its status meanwhile, whose trigger would not see the session.
   *
   * @returns true if it is the live order of the session.
   */
  async attach(sessionId: number, { orderId, totalCents }: SessionOrder): Promise<boolean> {
    const attached = await queryRows(
      this.dataSource,
      `INSERT INTO session_orders (order_id, session_id, total_cents, is_live)
       SELECT o.id, $2::bigint, $3::integer, TRUE FROM orders o WHERE o.id = $1 AND o.status = ANY($4) FOR SHARE
       ON CONFLICT DO NOTHING RETURNING order_id`,
      [orderId, sessionId, totalCents, PAYABLE_STATUSES],
    );
    if (attached.length === 1) return true;
    await this.dataSource.query(
      `INSERT INTO session_orders (order_id, session_id, total_cents, is_live, closed_at)
       VALUES ($1, $2, $3, FALSE, clock_timestamp()) ON CONFLICT DO NOTHING`,
      [orderId, sessionId, totalCents],
    );
    return false;
  }
}
