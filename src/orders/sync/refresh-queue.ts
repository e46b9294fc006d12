import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { type Config, CONFIG } from '../../config';
import type { RefreshReason } from './reasons';

/**
 * How long an instance has an order to itself, in seconds: longer than a call to Appmax may take, with its token and
 * its turn. When an instance is killed, others wait that long before they take over.
 */
const LEASE = 50;

/** An order that this instance alone asks Appmax for, until the lease is over. The token fences off who comes late. */
export interface Claim {
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

/** When an order can't be claimed: since when its answer is known, and when it may be asked for again. */
export interface Unclaimed {
  readonly answeredAt: Date | null;
  readonly retryAt: Date;
}

/** Which order to ask for, why, and when. */
export interface RefreshOrder {
  readonly orderId: number;
  readonly reason: RefreshReason;
  readonly inSeconds?: number;
}

/** What became of a claim, and when the order is visited next; null is never. */
export interface Finish {
  readonly nextAt: Date | null;
  readonly answered: boolean;
  readonly unexpected?: boolean;
  readonly error?: string;
}

const CLAIM_COLUMNS = `appmax_order_id AS "orderId", lease_token AS token, since, now()::timestamp AS now,
  asked_at AS "askedAt", requested_at AS "requestedAt", reason, failures`;
const TAKE_LEASE = `lease_until = now() + interval '${LEASE} seconds', lease_token = $1`;
/** So long after a question, and after its answer, the order is not asked for again. */
const IS_QUIET_NO_MORE = '(r.quiet_until IS NULL OR r.quiet_until <= now())';
const IS_FREE = '(r.lease_until IS NULL OR r.lease_until <= now())';

/** Which orders Appmax is asked for next, and who asks. Each statement is a transaction of its own, and short. */
@Injectable()
export class RefreshQueue {
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

  /** Has an order of ours asked for, as soon as may be or after so many seconds, or when it is visited before that. */
  async request({ orderId, reason, inSeconds = 0 }: RefreshOrder): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO order_refreshes AS r (appmax_order_id, since, next_at, requested_at, reason)
       SELECT appmax_order_id, now(), now() + make_interval(secs => $2), now(), $3 FROM orders WHERE appmax_order_id = $1
       ON CONFLICT (appmax_order_id) DO UPDATE
       SET next_at = LEAST(r.next_at, excluded.next_at), requested_at = excluded.requested_at, reason = excluded.reason`,
      [orderId, inSeconds, reason],
    );
  }

  /** Claims an order whose visit is due; those that another instance has, or that were just asked for, are passed over. */
  async claimDue(): Promise<Claim | undefined> {
    const [rows] = await this.dataSource.query<[Claim[], number]>(
      `UPDATE order_refreshes SET ${TAKE_LEASE} WHERE appmax_order_id = (
         SELECT r.appmax_order_id FROM order_refreshes r
         WHERE ${this.isDue} AND ${IS_FREE} AND ${IS_QUIET_NO_MORE}
         ORDER BY r.next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING ${CLAIM_COLUMNS}`,
      [randomUUID()],
    );
    return rows[0];
  }

  /** Claims this very order. @param hurry even if it was asked for just now: an operator wants to know. */
  async claim(orderId: number, hurry = false): Promise<Claim | Unclaimed> {
    const rows = await this.dataSource.query<Claim[]>(
      `INSERT INTO order_refreshes AS r (appmax_order_id, since, lease_until, lease_token)
       VALUES ($2, now(), now() + interval '${LEASE} seconds', $1)
       ON CONFLICT (appmax_order_id) DO UPDATE SET ${TAKE_LEASE}
       WHERE ${IS_FREE} AND ($3 OR ${IS_QUIET_NO_MORE})
       RETURNING ${CLAIM_COLUMNS}`,
      [randomUUID(), orderId, hurry],
    );
    return rows[0] ?? (await this.whyUnclaimed(orderId));
  }

  /** Notes that Appmax is asked now. @returns the instant, undefined when the lease is lost. */
  async noteAsking({ orderId, token }: Claim): Promise<Date | undefined> {
    const [rows] = await this.dataSource.query<[{ at: Date }[], number]>(
      `UPDATE order_refreshes SET asked_at = now(), quiet_until = now() + make_interval(secs => $3), lease_until = now() + interval '${LEASE} seconds'
       WHERE appmax_order_id = $1 AND lease_token = $2 RETURNING asked_at AS at`,
      [orderId, token, this.interval],
    );
    return rows[0]?.at;
  }

  /**
   * Lets go of a claim, unless it was lost. A request that came while Appmax was being asked stays.
   *
   * @returns false when another instance has taken over: nothing that was learned may be applied.
   */
  async finish(
    { orderId, token, now, askedAt }: Claim,
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

  private async whyUnclaimed(orderId: number): Promise<Unclaimed> {
    const [row] = await this.dataSource.query<Unclaimed[]>(
      `SELECT answered_at AS "answeredAt",
         GREATEST(quiet_until, CASE WHEN lease_until > now() THEN now() + interval '2 seconds' END,
                  now() + interval '1 second')::timestamp AS "retryAt"
       FROM order_refreshes WHERE appmax_order_id = $1`,
      [orderId],
    );
    return row ?? { answeredAt: null, retryAt: new Date(Date.now() + 1_000) };
  }
}

export function isClaim(claim: Claim | Unclaimed): claim is Claim {
  return 'token' in claim;
}
