import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { type Config, CONFIG } from '../../config';
import type { SyncReason } from './sync-reasons';

/**
 * The lease of a sync, in seconds: longer than a call to Appmax may take, with its token and its wait in the limiter.
 * When an instance is killed, others wait that long before they take over.
 */
const LEASE_SECONDS = 50;

/** An order that this instance alone asks Appmax for, until the lease is over. The token fences off who comes late. */
export interface SyncLease {
  readonly orderId: number;
  readonly token: string;
  /** When the order got its present status. */
  readonly since: Date;
  readonly now: Date;
  readonly askedAt: Date | null;
  readonly requestedAt: Date | null;
  readonly reason: string | null;
  readonly failures: number;
}

/** When an order can't be leased: since when its answer is known, and when it may be asked for again. */
export interface NotLeased {
  readonly answeredAt: Date | null;
  readonly retryAt: Date;
}

/** Which order to ask for, why, and when. */
export interface ScheduledSync {
  readonly orderId: number;
  readonly reason: SyncReason;
  readonly inSeconds?: number;
}

/** What became of a lease, and when the order is synced next; null is never. */
export interface Finish {
  readonly nextAt: Date | null;
  readonly answered: boolean;
  readonly unexpected?: boolean;
  readonly error?: string;
}

const LEASE_COLUMNS = `appmax_order_id AS "orderId", lease_token AS token, since, now()::timestamp AS now,
  asked_at AS "askedAt", requested_at AS "requestedAt", reason, failures`;
const TAKE_LEASE = `lease_until = now() + interval '${LEASE_SECONDS} seconds', lease_token = $1`;
/** So long after a question, and after its answer, the order is not asked for again. */
const IS_OUT_OF_QUIET_TIME = '(r.quiet_until IS NULL OR r.quiet_until <= now())';
const IS_FREE = '(r.lease_until IS NULL OR r.lease_until <= now())';

/** The queue of order syncs, one row per order in `order_refreshes`. Each statement is a short transaction of its own. */
@Injectable()
export class SyncQueue {
  private readonly interval: number;
  private readonly isDue: string;

  constructor(
    @Inject(CONFIG) { appmax, reconcileSpeed }: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {
    this.interval = appmax.backgroundReads.orderIntervalSeconds;
    // The index answers the first; the second, for tests, has orders grow old faster than real time.
    this.isDue =
      reconcileSpeed === 1
        ? 'r.next_at <= now()'
        : `r.next_at IS NOT NULL AND r.since + (r.next_at - r.since) / ${reconcileSpeed} <= now()`;
  }

  /** Schedules a sync of an order, now or after so many seconds; an earlier one that is scheduled stays. */
  async request({ orderId, reason, inSeconds = 0 }: ScheduledSync): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO order_refreshes AS r (appmax_order_id, since, next_at, requested_at, reason)
       SELECT appmax_order_id, now(), now() + make_interval(secs => $2), now(), $3 FROM orders WHERE appmax_order_id = $1
       ON CONFLICT (appmax_order_id) DO UPDATE
       SET next_at = LEAST(r.next_at, excluded.next_at), requested_at = excluded.requested_at, reason = excluded.reason`,
      [orderId, inSeconds, reason],
    );
  }

  /** Leases an order whose sync is due; those that another instance has, or that were just asked for, are passed over. */
  async leaseDue(): Promise<SyncLease | undefined> {
    const [rows] = await this.dataSource.query<[SyncLease[], number]>(
      `UPDATE order_refreshes SET ${TAKE_LEASE} WHERE appmax_order_id = (
         SELECT r.appmax_order_id FROM order_refreshes r
         WHERE ${this.isDue} AND ${IS_FREE} AND ${IS_OUT_OF_QUIET_TIME}
         ORDER BY r.next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING ${LEASE_COLUMNS}`,
      [randomUUID()],
    );
    return rows[0];
  }

  /** Leases this very order. @param isUrgent even if it was asked for just now: an operator wants to know. */
  async lease(orderId: number, isUrgent = false): Promise<SyncLease | NotLeased> {
    const rows = await this.dataSource.query<SyncLease[]>(
      `INSERT INTO order_refreshes AS r (appmax_order_id, since, lease_until, lease_token)
       VALUES ($2, now(), now() + interval '${LEASE_SECONDS} seconds', $1)
       ON CONFLICT (appmax_order_id) DO UPDATE SET ${TAKE_LEASE}
       WHERE ${IS_FREE} AND ($3 OR ${IS_OUT_OF_QUIET_TIME})
       RETURNING ${LEASE_COLUMNS}`,
      [randomUUID(), orderId, isUrgent],
    );
    return rows[0] ?? (await this.whyNotLeased(orderId));
  }

  /** Notes that Appmax is asked now. @returns the instant, undefined when the lease is lost. */
  async noteAsking({ orderId, token }: SyncLease): Promise<Date | undefined> {
    const [rows] = await this.dataSource.query<[{ at: Date }[], number]>(
      `UPDATE order_refreshes SET asked_at = now(), quiet_until = now() + make_interval(secs => $3), lease_until = now() + interval '${LEASE_SECONDS} seconds'
       WHERE appmax_order_id = $1 AND lease_token = $2 RETURNING asked_at AS at`,
      [orderId, token, this.interval],
    );
    return rows[0]?.at;
  }

  /**
   * Lets go of a lease, unless it was lost. A request that came while Appmax was being asked stays.
   *
   * @returns false when another instance has taken over: nothing that was learned may be applied.
   */
  async finish(
    { orderId, token, now, askedAt }: SyncLease,
    { nextAt, answered, unexpected = false, error }: Finish,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    const [, count] = await manager.query<[unknown[], number]>(
      `UPDATE order_refreshes r SET lease_until = NULL, lease_token = NULL,
         quiet_until = CASE WHEN $3 OR $5::text IS NOT NULL THEN now() + make_interval(secs => $8) ELSE quiet_until END,
         answered_at = CASE WHEN $3 THEN asked_at ELSE answered_at END,
         failures = CASE WHEN $3 THEN 0 WHEN $5::text IS NULL THEN failures ELSE failures + 1 END,
         unexpected_edges = unexpected_edges + $4, last_error = CASE WHEN $3 THEN NULL ELSE COALESCE($5, last_error) END,
         next_at = CASE WHEN requested_at > $7 THEN LEAST(next_at, $6::timestamp) ELSE $6::timestamp END,
         requested_at = CASE WHEN $3 AND requested_at <= asked_at THEN NULL ELSE requested_at END
       WHERE appmax_order_id = $1 AND lease_token = $2`,
      [orderId, token, answered, unexpected ? 1 : 0, error, nextAt, answered ? askedAt : now, this.interval],
    );
    return count === 1;
  }

  private async whyNotLeased(orderId: number): Promise<NotLeased> {
    const [row] = await this.dataSource.query<NotLeased[]>(
      `SELECT answered_at AS "answeredAt",
         GREATEST(quiet_until, CASE WHEN lease_until > now() THEN now() + interval '2 seconds' END,
                  now() + interval '1 second')::timestamp AS "retryAt"
       FROM order_refreshes WHERE appmax_order_id = $1`,
      [orderId],
    );
    return row ?? { answeredAt: null, retryAt: new Date(Date.now() + 1_000) };
  }
}

export function isLease(lease: SyncLease | NotLeased): lease is SyncLease {
  return 'token' in lease;
}
