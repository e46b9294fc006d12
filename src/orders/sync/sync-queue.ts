import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { END_LEASE, isLeaseFree, LEASE_EXPIRY, takeLease } from '../../common/leases/lease';
import { LeaseKeeper } from '../../common/leases/lease-keeper';
import { currentTraceparent } from '../../common/tracing/spans';
import { CONFIG, type Config } from '../../config';
import { queryRows } from '../../database';
import { LEASE_COLUMNS, type SyncLease } from './sync-lease';
import type { SyncReason } from './sync-reasons';

/** The maximum number of orders that one statement schedules. */
export const SCHEDULED_AT_ONCE = 500;

/** An order whose sync can't be leased now. */
export interface NotLeased {
  /** The time at which Appmax was asked for its last answer; null if it never answered. */
  readonly lastAskedAt: Date | null;
  /** The earliest time at which it may be leased. */
  readonly retryAt: Date;
}

/** Requested syncs of orders. */
export interface RequestedSyncs {
  readonly orderIds: readonly number[];
  readonly reason: SyncReason;
  readonly inSeconds?: number;
}

/** A requested sync of one order. */
export interface ScheduledSync extends Omit<RequestedSyncs, 'orderIds'> {
  readonly orderId: number;
}

/** The result of a leased sync. */
export interface Finish {
  /** The time of the next sync; null for none. */
  readonly nextAt: Date | null;
  readonly answered: boolean;
  readonly unexpected?: boolean;
  readonly error?: string;
  /** True if Appmax has shown a payment of the order. */
  readonly hasPayment?: boolean;
  /** True to forget the request for this sync: only the schedule counts again. */
  readonly dropsRequest?: boolean;
}

/** SQL: true if the minimum interval since the last read and its answer is over. */
const IS_INTERVAL_OVER = '(r.quiet_until IS NULL OR r.quiet_until <= now())';

/** SQL: true if a sync may be leased. */
const IS_SYNC_DUE = `r.next_at <= now() AND ${isLeaseFree('r')} AND ${IS_INTERVAL_OVER}`;

/** SQL: true if there is work for `leaseDue`. */
export const HAS_DUE_SYNCS = `EXISTS (SELECT FROM order_refreshes r WHERE ${IS_SYNC_DUE})`;

/** SQL: true if there is work for `unscheduled`. */
export const HAS_UNSCHEDULED = 'EXISTS (SELECT FROM order_refreshes WHERE NOT is_scheduled)';

/** An order whose status has changed, and whose next sync is not scheduled yet. */
export interface UnscheduledOrder {
  readonly orderId: number;
  readonly status: string;
  readonly since: Date;
  /** The database's clock. */
  readonly now: Date;
}

/** The scheduled sync of an order. */
export interface NextSync {
  readonly orderId: number;
  /** The time of the status change for which it was scheduled. */
  readonly since: Date;
  /** Null for no further sync. */
  readonly nextAt: Date | null;
}

/** Renews the leases of the syncs that this process runs. */
@Injectable()
export class SyncLeases extends LeaseKeeper {
  constructor(@InjectDataSource() dataSource: DataSource) {
    super(dataSource, { name: 'order_refreshes', idColumn: 'appmax_order_id' });
  }
}

/** The queue of order syncs: one row per order in `order_refreshes`. Each statement is a separate short transaction. */
@Injectable()
export class SyncQueue {
  /** Is called after a request of syncs that are due now. */
  onRequest: () => void = () => undefined;
  private readonly interval: number;

  constructor(
    @Inject(CONFIG) { appmax }: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly leases: SyncLeases,
  ) {
    this.interval = appmax.backgroundReads.orderIntervalSeconds;
  }

  /** Runs work, and renews the lease until it ends. */
  during<Value>({ orderId, token }: SyncLease, work: () => Promise<Value>): Promise<Value> {
    return this.leases.during({ id: orderId, token }, work);
  }

  /** Returns orders whose next sync is not scheduled. A trigger marks an order whenever its status changes. */
  async unscheduled(): Promise<UnscheduledOrder[]> {
    return queryRows<UnscheduledOrder>(
      this.dataSource,
      `SELECT r.appmax_order_id AS "orderId", o.status, r.since, now()::timestamp AS now
       FROM order_refreshes r JOIN orders o ON o.appmax_order_id = r.appmax_order_id
       WHERE NOT r.is_scheduled ORDER BY r.appmax_order_id LIMIT ${SCHEDULED_AT_ONCE}`,
    );
  }

  /**
   * Schedules the next sync of orders, unless their status has changed again. A requested sync that is earlier stays.
   *
   * @returns the number of scheduled orders.
   */
  async schedule(syncs: readonly NextSync[]): Promise<number> {
    // A Date has milliseconds, the column has microseconds. A row that a sync has locked is scheduled by that sync, or
    // here in the next round.
    const rows = await queryRows<object>(
      this.dataSource,
      `WITH next AS (SELECT * FROM unnest($1::integer[], $2::timestamp[], $3::timestamp[]) AS n (id, since, next_at)),
       free AS (
         SELECT r.appmax_order_id FROM order_refreshes r
         JOIN next n ON n.id = r.appmax_order_id AND n.since = date_trunc('milliseconds', r.since)
         WHERE NOT r.is_scheduled FOR UPDATE OF r SKIP LOCKED)
       UPDATE order_refreshes r
       SET is_scheduled = true, next_at = CASE WHEN r.requested_at IS NULL THEN n.next_at ELSE LEAST(r.next_at, n.next_at) END
       FROM next n WHERE r.appmax_order_id = n.id AND r.appmax_order_id IN (SELECT appmax_order_id FROM free)
       RETURNING r.appmax_order_id`,
      [
        syncs.map(({ orderId }) => orderId),
        syncs.map(({ since }) => since),
        syncs.map(({ nextAt }) => nextAt),
      ],
    );
    return rows.length;
  }

  /** Requests a sync of an order, like {@link requestAll}. */
  request({ orderId, ...sync }: ScheduledSync): Promise<void> {
    return this.requestAll({ ...sync, orderIds: [orderId] });
  }

  /**
   * Requests syncs of orders, now or after a delay. An earlier one that is scheduled stays, and a request of an operator
   * keeps its reason: with that of a webhook, which anyone can send, it might have no read left today.
   */
  async requestAll({ orderIds, reason, inSeconds = 0 }: RequestedSyncs): Promise<void> {
    if (orderIds.length === 0) return;
    await this.dataSource.query(
      `INSERT INTO order_refreshes AS r (appmax_order_id, since, next_at, requested_at, reason, traceparent)
       SELECT appmax_order_id, now(), now() + make_interval(secs => $2), now(), $3, $4::char(55) FROM orders
       WHERE appmax_order_id = ANY($1) ORDER BY appmax_order_id
       ON CONFLICT (appmax_order_id) DO UPDATE
       SET next_at = LEAST(r.next_at, excluded.next_at), requested_at = excluded.requested_at,
           reason = CASE WHEN r.requested_at IS NOT NULL AND r.reason = 'admin' THEN r.reason ELSE excluded.reason END,
           traceparent = excluded.traceparent`,
      [orderIds, inSeconds, reason, currentTraceparent()],
    );
    if (inSeconds === 0) this.onRequest();
  }

  /** Leases the order whose sync is due longest. Skips leased orders and those within the minimum interval. */
  async leaseDue(): Promise<SyncLease | undefined> {
    const rows = await queryRows<SyncLease>(
      this.dataSource,
      `UPDATE order_refreshes r SET ${takeLease('$1')} WHERE r.appmax_order_id = (
         SELECT r.appmax_order_id FROM order_refreshes r
         WHERE ${IS_SYNC_DUE}
         ORDER BY r.next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING ${LEASE_COLUMNS}`,
      [randomUUID()],
    );
    return rows[0];
  }

  /** Leases one order, due or not. @param isUrgent true to ignore the minimum interval. */
  async lease(orderId: number, isUrgent = false): Promise<SyncLease | NotLeased> {
    const rows = await queryRows<SyncLease>(
      this.dataSource,
      `INSERT INTO order_refreshes AS r (appmax_order_id, since, lease_expires_at, lease_token)
       VALUES ($2, now(), ${LEASE_EXPIRY}, $1)
       ON CONFLICT (appmax_order_id) DO UPDATE SET ${takeLease('$1')}
       WHERE ${isLeaseFree('r')} AND ($3 OR ${IS_INTERVAL_OVER})
       RETURNING ${LEASE_COLUMNS}`,
      [randomUUID(), orderId, isUrgent],
    );
    return rows[0] ?? (await this.whyNotLeased(orderId));
  }

  /** Records that Appmax is asked now. @returns the time; undefined if the lease is lost. */
  async recordRead(
    { orderId, token, webhookReads }: SyncLease,
    isOfWebhook: boolean,
  ): Promise<Date | undefined> {
    const rows = await queryRows<{ at: Date }>(
      this.dataSource,
      `UPDATE order_refreshes SET asked_at = now(), quiet_until = now() + make_interval(secs => $3), lease_expires_at = ${LEASE_EXPIRY},
         webhook_reads = $4, webhook_reads_day = now()::date
       WHERE appmax_order_id = $1 AND lease_token = $2 RETURNING asked_at AS at`,
      [orderId, token, this.interval, webhookReads + (isOfWebhook ? 1 : 0)],
    );
    return rows[0]?.at;
  }

  /**
   * Ends a lease and schedules the next sync. A sync that was requested during the call to Appmax stays.
   *
   * @returns false if the lease was lost: then the answer must not be applied.
   */
  async finish(
    { orderId, token, now, askedAt }: SyncLease,
    { nextAt, answered, unexpected = false, error, hasPayment = false, dropsRequest = false }: Finish,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    const rows = await queryRows<object>(
      manager,
      `UPDATE order_refreshes r SET ${END_LEASE},
         quiet_until = CASE WHEN $3 OR $5::text IS NOT NULL THEN now() + make_interval(secs => $8) ELSE quiet_until END,
         answered_at = CASE WHEN $3 THEN asked_at ELSE answered_at END,
         failures = CASE WHEN $3 THEN 0 WHEN $5::text IS NULL THEN failures ELSE failures + 1 END,
         unexpected_edges = unexpected_edges + $4, last_error = CASE WHEN $3 THEN NULL ELSE COALESCE($5, last_error) END,
         next_at = CASE WHEN requested_at > $7 THEN LEAST(next_at, $6::timestamp) ELSE $6::timestamp END,
         is_scheduled = is_scheduled OR $3, has_payment = has_payment OR $9,
         requested_at = CASE WHEN ($3 AND requested_at <= asked_at) OR ($10 AND requested_at <= $7) THEN NULL ELSE requested_at END
       WHERE appmax_order_id = $1 AND lease_token = $2 RETURNING appmax_order_id`,
      [
        orderId,
        token,
        answered,
        unexpected ? 1 : 0,
        error,
        nextAt,
        answered ? askedAt : now,
        this.interval,
        hasPayment,
        dropsRequest,
      ],
    );
    return rows.length === 1;
  }

  private async whyNotLeased(orderId: number): Promise<NotLeased> {
    const [row] = await queryRows<NotLeased>(
      this.dataSource,
      `SELECT answered_at AS "lastAskedAt",
         GREATEST(quiet_until, CASE WHEN lease_expires_at > now() THEN now() + interval '2 seconds' END,
                  now() + interval '1 second')::timestamp AS "retryAt"
       FROM order_refreshes WHERE appmax_order_id = $1`,
      [orderId],
    );
    return row ?? { lastAskedAt: null, retryAt: new Date(Date.now() + 1_000) };
  }
}

export function isLease(lease: SyncLease | NotLeased): lease is SyncLease {
  return 'token' in lease;
}
