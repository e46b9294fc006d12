import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ConcurrencyLimit } from '../../common/concurrency-limit';
import { END_LEASE, isLeaseFree, type Lease, takeLease } from '../../common/leases/lease';
import { LeaseKeeper } from '../../common/leases/lease-keeper';
import { queryRows } from '../../database';
import { SCHEDULE_SECONDS } from './schedule';

/** The deliveries that one statement looks at. */
const CANDIDATES = 200;

/** The statements that an instance runs at once for all its endpoints: requests need the connections, too. */
const STATEMENTS_AT_ONCE = 4;

/** SQL: true if an endpoint, with the alias `e`, has a delivery that is due. */
const HAS_DUE = `e.disabled_at IS NULL AND e.deleted_at IS NULL AND EXISTS (
  SELECT FROM notification_deliveries d WHERE d.endpoint_id = e.id AND d.next_attempt_at <= now())`;

/** SQL: true if there is work for `lease`. */
export const HAS_DUE_DELIVERIES = `EXISTS (
  SELECT FROM notification_endpoints e WHERE ${isLeaseFree('e')} AND ${HAS_DUE})`;

/** An endpoint whose lease this instance holds. */
export interface LeasedEndpoint extends Lease {
  /** True if its last attempt failed. */
  readonly isFailing: boolean;
}

/** A notification to send now. */
export interface DueDelivery {
  readonly id: number;
  /** Without the current one. */
  readonly attempts: number;
  readonly message_id: string;
  readonly type: string;
  readonly created_at: Date;
  readonly data: Readonly<Record<string, unknown>>;
  readonly url: string;
  /** The sealed secrets of the endpoint. */
  readonly secret: string;
  readonly previous_secret: string | null;
  /** The request or webhook that caused it; null without tracing. */
  readonly traceparent: string | null;
}

/** The outcome of one attempt, with the pause before the next one if it failed. */
export interface AttemptResult {
  readonly id: number;
  readonly isDelivered: boolean;
  readonly status: number | null;
  readonly error: string | null;
  /** Undefined after the last attempt of the schedule. */
  readonly pauseSeconds: number | undefined;
}

/** The leases of endpoints. */
@Injectable()
export class EndpointLeases extends LeaseKeeper {
  constructor(@InjectDataSource() dataSource: DataSource) {
    super(dataSource, { name: 'notification_endpoints', idColumn: 'id' });
  }
}

/**
 * The queue of an endpoint's deliveries. Each statement locks the row of the endpoint and checks the lease, so statements
 * about the deliveries of one endpoint never run at the same time.
 */
@Injectable()
export class DeliveryQueue {
  private readonly limit = new ConcurrencyLimit({ atOnce: STATEMENTS_AT_ONCE, waiting: Infinity });

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Leases an endpoint that has due deliveries and that no instance delivers to. */
  async lease(): Promise<LeasedEndpoint | undefined> {
    const [row] = await this.run<LeasedEndpoint>(
      `UPDATE notification_endpoints SET ${takeLease('$1')}
       WHERE id = (SELECT e.id FROM notification_endpoints e WHERE ${isLeaseFree('e')} AND ${HAS_DUE}
         ORDER BY e.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
       RETURNING id, lease_token AS token, failing_since IS NOT NULL AS "isFailing"`,
      [randomUUID()],
    );
    return row;
  }

  /**
   * Takes due deliveries, oldest first. One that is behind an open delivery of its order waits for it from now on.
   *
   * @param handled the ids of deliveries that are being sent, or whose result is not saved yet.
   * @returns at most `limit` deliveries, and if there may be more.
   */
  async take(
    { id, token }: Lease,
    handled: readonly number[],
    limit: number,
  ): Promise<{ due: DueDelivery[]; mayHaveMore: boolean }> {
    const rows = await this.run<DueDelivery & { is_behind: boolean }>(
      `WITH held AS MATERIALIZED (
         SELECT e.url, e.secret,
           CASE WHEN e.previous_secret_expires_at > clock_timestamp() THEN e.previous_secret END AS previous_secret
         FROM notification_endpoints e WHERE e.id = $1 AND e.lease_token = $2
           AND e.disabled_at IS NULL AND e.deleted_at IS NULL FOR NO KEY UPDATE),
       due AS MATERIALIZED (
         SELECT d.id, d.attempts, d.notification_id, d.next_attempt_at, EXISTS (
           SELECT FROM notification_deliveries b WHERE b.endpoint_id = $1 AND b.order_id = d.order_id AND b.id < d.id
             AND b.delivered_at IS NULL) AS is_behind
         FROM notification_deliveries d
         WHERE EXISTS (SELECT FROM held) AND d.endpoint_id = $1 AND d.next_attempt_at <= now()
           AND d.id <> ALL($3::bigint[])
         ORDER BY d.next_attempt_at, d.id LIMIT ${CANDIDATES}),
       waiting AS (
         UPDATE notification_deliveries d SET next_attempt_at = NULL FROM due WHERE due.is_behind AND d.id = due.id)
       SELECT due.id, due.attempts, due.is_behind, n.message_id, n.type, n.created_at, n.data, n.traceparent, held.url, held.secret,
         held.previous_secret
       FROM due JOIN notifications n ON n.id = due.notification_id CROSS JOIN held
       ORDER BY due.is_behind, due.next_attempt_at, due.id LIMIT $4`,
      [id, token, handled, limit],
    );
    return { due: rows.filter((row) => !row.is_behind), mayHaveMore: rows.length === limit };
  }

  /**
   * Saves the results of attempts. A delivered notification makes the next one of its order due. The endpoint is disabled
   * after the last attempt of a schedule, or if it has accepted nothing for as long.
   *
   * @returns true if the endpoint is disabled by it.
   */
  async settle({ id, token }: Lease, results: readonly AttemptResult[]): Promise<boolean> {
    const isAccepting = results.some(({ isDelivered }) => isDelivered);
    const isOver = results.some(
      ({ isDelivered, pauseSeconds }) => !isDelivered && pauseSeconds === undefined,
    );
    const [row] = await this.run<{ is_disabled: boolean }>(
      `WITH held AS MATERIALIZED (
         SELECT e.id, e.disabled_at IS NULL AND ($9::boolean OR (NOT $8::boolean
           AND e.failing_since <= clock_timestamp() - make_interval(secs => ${SCHEDULE_SECONDS}))) AS is_disabled
         FROM notification_endpoints e WHERE e.id = $1 AND e.lease_token = $2 FOR NO KEY UPDATE),
       marked AS (
         UPDATE notification_endpoints e
         SET failing_since = CASE WHEN $8::boolean THEN NULL ELSE COALESCE(e.failing_since, clock_timestamp()) END,
           disabled_at = CASE WHEN held.is_disabled THEN clock_timestamp() ELSE e.disabled_at END,
           disabled_reason = CASE WHEN held.is_disabled THEN 'failing' ELSE e.disabled_reason END
         FROM held WHERE e.id = held.id AND (held.is_disabled OR $8::boolean = (e.failing_since IS NOT NULL))),
       results AS (
         SELECT * FROM unnest($3::bigint[], $4::boolean[], $5::int[], $6::text[], $7::float8[])
           AS r (id, is_delivered, status, error, pause)),
       saved AS (
         UPDATE notification_deliveries d
         SET attempts = d.attempts + 1, last_attempt_at = clock_timestamp(), last_status = r.status, last_error = r.error,
           delivered_at = CASE WHEN r.is_delivered THEN clock_timestamp() END,
           next_attempt_at = CASE WHEN NOT r.is_delivered THEN clock_timestamp() + make_interval(secs => r.pause) END
         FROM results r, held
         WHERE d.id = r.id AND d.endpoint_id = held.id AND d.delivered_at IS NULL
         RETURNING d.id, d.order_id, r.is_delivered),
       woken AS (
         UPDATE notification_deliveries d SET next_attempt_at = clock_timestamp()
         WHERE d.id IN (
           SELECT f.id FROM saved s CROSS JOIN LATERAL (
             SELECT f.id FROM notification_deliveries f WHERE f.endpoint_id = $1 AND f.order_id = s.order_id
               AND f.id > s.id AND f.delivered_at IS NULL AND f.id <> ALL($3) ORDER BY f.id LIMIT 1) f
           WHERE s.is_delivered))
       SELECT is_disabled FROM held`,
      [
        id,
        token,
        results.map((result) => result.id),
        results.map((result) => result.isDelivered),
        results.map((result) => result.status),
        results.map((result) => result.error),
        results.map((result) => result.pauseSeconds ?? 0),
        isAccepting,
        isOver,
      ],
    );
    return row?.is_disabled === true;
  }

  /** Ends a lease. */
  async release({ id, token }: Lease): Promise<void> {
    await this.run(`UPDATE notification_endpoints SET ${END_LEASE} WHERE id = $1 AND lease_token = $2`, [
      id,
      token,
    ]);
  }

  private run<Row>(sql: string, parameters: unknown[]): Promise<Row[]> {
    return this.limit.run(() => queryRows<Row>(this.dataSource, sql, parameters));
  }
}
