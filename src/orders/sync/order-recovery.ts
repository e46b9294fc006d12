import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { queryRow, queryRows } from '../../database';
import { InstallationList, type Merchant } from '../../installations';
import { orderNotFound, syncFailed, syncUnavailable } from '../errors';
import { OrdersService } from '../orders.service';
import { parseOrderId } from '../status/order-status-reader';
import { OrderSync } from './order-sync';
import { RefreshedOrder } from './refreshed-order';
import type { SyncOutcome } from './sync-outcome';
import type { SyncReason } from './sync-reasons';

/** A sync by an operator is tried this often while another instance syncs the order. */
const MAXIMUM_ATTEMPTS = 20;
const ATTEMPT_INTERVAL_MILLISECONDS = 250;
/** SQL: an order has a scheduled sync, or its status has changed and the next sync is about to be scheduled. */
const HAS_NEXT_SYNC = '(next_at IS NOT NULL OR NOT is_scheduled)';
/** The syncs that one statement brings forward. */
const BROUGHT_FORWARD_AT_ONCE = 5_000;

/** The orders that an operator wants to sync. */
export interface OrderSelection {
  readonly statuses: readonly string[];
  /** The id of the last order that was synced; only greater ids are selected. */
  readonly after: number;
  readonly limit: number;
}

/** Syncs orders for operators, over HTTP and on the command line. */
@Injectable()
export class OrderRecovery {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly orders: OrdersService,
    private readonly orderSync: OrderSync,
    private readonly installations: InstallationList,
  ) {}

  /**
   * Syncs an order now.
   *
   * @param orderId the text of the path.
   * @param shop the only shop whose orders are found; undefined: all.
   * @throws ApiError 400 `invalid order_id`, 404 `order not found`, 502 with the failure at Appmax, 503 if the
   * merchant's read budget is used up or another instance keeps syncing the order.
   */
  async syncNow(orderId: string, shop?: string): Promise<RefreshedOrder> {
    const id = parseOrderId(orderId);
    const before = await this.orders.find(id);
    if (before === null || !(await this.isOf(before.installationId, shop))) throw orderNotFound();
    const outcome = await this.ask(id, { reason: 'admin' });
    if (outcome.kind === 'failed') throw syncFailed(outcome.problem);
    if (outcome.kind !== 'fresh' || outcome.state === undefined) {
      throw syncUnavailable(secondsUntil(outcome.retryAt));
    }
    const { status, askedAt } = outcome.state;
    return { order_id: id, status, previous_status: before.status, asked_at: askedAt.toISOString() };
  }

  /**
   * Syncs an order. For the reason `admin` it waits up to 5 s while another instance syncs it.
   *
   * @param merchant the merchant of an order that may not be in the database: then it is saved.
   */
  async ask(
    orderId: number,
    { reason, merchant }: { reason: SyncReason; merchant?: Merchant | undefined },
  ): Promise<SyncOutcome> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.orderSync.sync({
        orderId,
        reason,
        isUrgent: reason === 'admin',
        merchant,
      });
      if (outcome.kind !== 'recent' || reason !== 'admin' || attempt === MAXIMUM_ATTEMPTS) return outcome;
      await sleep(ATTEMPT_INTERVAL_MILLISECONDS);
    }
  }

  /** Counts the orders that have a sync scheduled, or about to be. */
  async countScheduled(): Promise<number> {
    const { count } = await queryRow<{ count: number }>(
      this.dataSource,
      `SELECT count(*)::int AS count FROM order_refreshes WHERE ${HAS_NEXT_SYNC}`,
    );
    return count;
  }

  /**
   * Makes all scheduled syncs due at one time, unless they are due earlier. One that is about to be scheduled is scheduled
   * for that time, so that the usual schedule does not set a later one.
   *
   * @returns their number.
   */
  async bringForward(dueAt: Date): Promise<number> {
    for (let last = 0, count = 0; ;) {
      const rows = await queryRows<{ id: number }>(
        this.dataSource,
        `UPDATE order_refreshes SET next_at = LEAST(next_at, $1::timestamp), is_scheduled = true
         WHERE appmax_order_id IN (
           SELECT appmax_order_id FROM order_refreshes WHERE ${HAS_NEXT_SYNC} AND appmax_order_id > $2
           ORDER BY appmax_order_id LIMIT ${BROUGHT_FORWARD_AT_ONCE})
         RETURNING appmax_order_id AS id`,
        [dueAt, last],
      );
      count += rows.length;
      if (rows.length < BROUGHT_FORWARD_AT_ONCE) return count;
      last = rows.reduce((greatest, { id }) => Math.max(greatest, id), last);
    }
  }

  private async isOf(installationId: number, shop: string | undefined): Promise<boolean> {
    return shop === undefined || (await this.installations.idOf(shop)) === installationId;
  }

  /** Returns the ids of orders in some statuses, in ascending sequence. */
  async select({ statuses, after, limit }: OrderSelection): Promise<number[]> {
    const rows = await queryRows<{ id: number }>(
      this.dataSource,
      `SELECT appmax_order_id AS id FROM orders WHERE status = ANY($1) AND appmax_order_id > $2
       ORDER BY appmax_order_id LIMIT $3`,
      [statuses, after, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Returns the number of orders in some statuses. */
  async count({ statuses, after }: Omit<OrderSelection, 'limit'>): Promise<number> {
    const [row] = await queryRows<{ count: number }>(
      this.dataSource,
      'SELECT count(*) AS count FROM orders WHERE status = ANY($1) AND appmax_order_id > $2',
      [statuses, after],
    );
    return row?.count ?? 0;
  }
}

function secondsUntil(instant: Date | undefined): number {
  return instant === undefined ? 5 : Math.max(1, Math.ceil((instant.getTime() - Date.now()) / 1000));
}
