import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { queryRows } from '../../database';
import { ApiError } from '../../common/errors/api-error';
import { OrdersService, parseOrderId } from '../orders.service';
import { RefreshedOrder } from './refreshed-order';
import { OrderSync, type SyncOutcome } from './order-sync';
import type { SyncReason } from './sync-reasons';
import { orderNotFound } from '../errors';

/** How often, and how long, it is waited for an instance that is asking about the order at this moment. */
const LOOKS = 20;
const LOOK_MILLISECONDS = 250;

/** Which orders a person wants asked for. */
export interface OrderSelection {
  readonly statuses: readonly string[];
  /** The last order that was asked for: the next ones come after it. */
  readonly after: number;
  readonly limit: number;
}

/** 503: it is not the order's turn to be asked for, nor will it be in a moment. */
export function syncUnavailable(seconds: number): ApiError {
  return new ApiError(503, 'the order could not be asked for now: try again later', {
    headers: { 'Retry-After': String(seconds) },
  });
}

/** What operators do about orders, over HTTP and on the command line. */
@Injectable()
export class OrderRecovery {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly orders: OrdersService,
    private readonly orderSync: OrderSync,
  ) {}

  /**
   * Asks Appmax for an order now and applies what it says.
   *
   * @param orderId as it stands in the path.
   * @throws ApiError 400 `invalid order_id`, 404 `order not found`, 502 with what went wrong at Appmax, 503 when the
   * merchant's reads are used up or the order is being asked for all the time.
   */
  async syncNow(orderId: string): Promise<RefreshedOrder> {
    const id = parseOrderId(orderId);
    const before = await this.orders.find(id);
    if (before === null) throw orderNotFound();
    const outcome = await this.ask(id, 'admin');
    if (outcome.kind === 'failed') throw new ApiError(502, outcome.problem ?? 'Appmax could not be asked');
    if (outcome.kind !== 'fresh' || outcome.state === undefined) {
      throw syncUnavailable(secondsUntil(outcome.retryAt));
    }
    const { status, answeredAt } = outcome.state;
    return { order_id: id, status, previous_status: before.status, asked_at: answeredAt.toISOString() };
  }

  /** Asks for an order, waiting for a while for its turn. */
  async ask(orderId: number, reason: SyncReason): Promise<SyncOutcome> {
    for (let look = 1; ; look += 1) {
      const outcome = await this.orderSync.sync({ orderId, reason, isUrgent: reason === 'admin' });
      if (outcome.kind !== 'recent' || reason !== 'admin' || look === LOOKS) return outcome;
      await sleep(LOOK_MILLISECONDS);
    }
  }

  /** Ids of orders in some statuses, by the order in which Appmax made them. */
  async select({ statuses, after, limit }: OrderSelection): Promise<number[]> {
    const rows = await queryRows<{ id: number }>(
      this.dataSource,
      `SELECT appmax_order_id AS id FROM orders WHERE status = ANY($1) AND appmax_order_id > $2
       ORDER BY appmax_order_id LIMIT $3`,
      [statuses, after, limit],
    );
    return rows.map(({ id }) => id);
  }

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
