import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { END_LEASE, isLeaseFree, takeLease } from '../../common/leases/lease';
import { LeaseKeeper } from '../../common/leases/lease-keeper';
import { queryRows } from '../../database';

/** An event that waits longer than this is set aside. */
export const LONGEST_WAIT_HOURS = 72;

/** The time in which a set of events begins reads at Appmax. The rest is tried later: no worker stays busy for minutes. */
export const READING_MILLISECONDS = 60_000;

/** The reason why an event waits whose order is not in the database. */
export const ORDER_MISSING = 'its order did not appear';

/** The orders whose events one statement leases. */
const ORDERS_AT_ONCE = 100;

/** SQL: true if an event of a known order is due. The table has the alias `w`. */
const IS_KNOWN_DUE = `w.next_attempt_at <= now() AND w.appmax_order_id IS NOT NULL AND w.is_order_known AND ${isLeaseFree('w')}`;

/** SQL: true if there is work for `leaseFresh` and `leaseDue`. */
export const HAS_DUE_EVENTS = `EXISTS (SELECT FROM webhook_attempts w WHERE ${IS_KNOWN_DUE})`;

/** An event whose lease this instance holds. */
export interface LeasedEvent {
  readonly id: number;
  readonly event: string;
  readonly orderId: number;
  /** The status of its order when the event was leased; null if the order was not in the database. */
  readonly orderStatus: string | null;
  readonly createdAt: Date;
  /** Including the current one. */
  readonly attempts: number;
  readonly isOverdue: boolean;
  /** The trace of its webhook; null without tracing. */
  readonly traceparent: string | null;
}

/** Events of one or more orders, under one lease token. */
export interface LeasedEvents {
  readonly token: string;
  readonly events: readonly LeasedEvent[];
}

/** SQL: the columns of a {@link LeasedEvent}. The tables have the aliases `a` (attempts) and `e` (events). */
export const LEASED_COLUMNS = `a.event_id AS id, a.appmax_order_id AS "orderId", a.attempts, a.traceparent, e.event, e.created_at AS "createdAt",
  a.queued_at < now() - interval '${LONGEST_WAIT_HOURS} hours' AS "isOverdue",
  (SELECT status FROM orders o WHERE o.appmax_order_id = a.appmax_order_id) AS "orderStatus"`;

/**
 * An event that stays in the queue, and the reason. It is due at the later of `until` (by the database's clock) and
 * `seconds` from now.
 */
export interface Postponement {
  readonly id: number;
  readonly why: string;
  readonly until?: Date | undefined;
  readonly seconds: number;
  /** False if Appmax was not asked: the attempt does not count. */
  readonly isCounted: boolean;
}

/** Renews the leases of the events that this process is processing. */
@Injectable()
export class EventLeases extends LeaseKeeper {
  constructor(@InjectDataSource() dataSource: DataSource) {
    super(dataSource, { name: 'webhook_attempts', idColumn: 'event_id' });
  }
}

/** The queue of events that are not processed (`webhook_attempts`). Each statement is a separate short transaction. */
@Injectable()
export class EventQueue {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly leases: EventLeases,
  ) {}

  /** Runs work, and renews the leases of its events until it ends. */
  during<Value>({ token, events }: LeasedEvents, work: () => Promise<Value>): Promise<Value> {
    return this.leases.duringAll({ ids: events.map(({ id }) => id), token }, work);
  }

  /** Leases due events of known orders: those that are due longest, among orders with an event without attempts. */
  leaseFresh(): Promise<LeasedEvents | undefined> {
    return this.leaseDueLongest(`${IS_KNOWN_DUE} AND w.attempts = 0`);
  }

  /** Leases due events of known orders: those that are due longest. */
  leaseDue(): Promise<LeasedEvents | undefined> {
    return this.leaseDueLongest(IS_KNOWN_DUE);
  }

  private leaseDueLongest(condition: string): Promise<LeasedEvents | undefined> {
    return this.lease(
      // An array, because PostgreSQL may run a subquery of IN several times, and lock more rows than the limit.
      `q.appmax_order_id = ANY(ARRAY(
         SELECT w.appmax_order_id FROM webhook_attempts w WHERE ${condition}
         ORDER BY w.next_attempt_at LIMIT ${ORDERS_AT_ONCE} FOR UPDATE SKIP LOCKED))
       AND q.next_attempt_at <= now()`,
    );
  }

  /** Leases the events of one order, due or not, unless another instance holds their lease. */
  leaseOf(orderId: number): Promise<LeasedEvents | undefined> {
    return this.lease('q.appmax_order_id = $2 AND q.next_attempt_at IS NOT NULL', orderId);
  }

  private async lease(condition: string, ...values: number[]): Promise<LeasedEvents | undefined> {
    const token = randomUUID();
    const events = await queryRows<LeasedEvent>(
      this.dataSource,
      `UPDATE webhook_attempts a SET attempts = a.attempts + 1, ${takeLease('$1')}
       FROM (SELECT event_id FROM webhook_attempts q WHERE ${condition} AND ${isLeaseFree('q')} ORDER BY event_id FOR UPDATE OF q SKIP LOCKED) due
       JOIN webhook_events e ON e.id = due.event_id
       WHERE a.event_id = due.event_id AND NOT e.processed
       RETURNING ${LEASED_COLUMNS}`,
      [token, ...values],
    );
    return events.length === 0 ? undefined : { token, events };
  }

  /** Returns the bodies of events, by the event's id. */
  async payloadsOf(ids: readonly number[]): Promise<Map<number, unknown>> {
    const rows = await queryRows<{ id: number; payload: unknown }>(
      this.dataSource,
      'SELECT id, payload FROM webhook_events WHERE id = ANY($1)',
      [ids],
    );
    return new Map(rows.map(({ id, payload }) => [id, payload]));
  }

  /** Returns the waiting events of an order that were received before an instant; leased or not. */
  async waiting(orderId: number, before: Date): Promise<{ id: number; event: string }[]> {
    return this.dataSource.query(
      `SELECT e.id, e.event FROM webhook_attempts a JOIN webhook_events e ON e.id = a.event_id
       WHERE a.appmax_order_id = $1 AND a.next_attempt_at IS NOT NULL AND NOT e.processed AND e.created_at < $2`,
      [orderId, before],
    );
  }

  /** Marks events as processed. Needs no lease: what Appmax has confirmed stays confirmed. */
  async settle(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    // A trigger removes them from the queue, leased or not. All statements lock several rows in the order of their ids.
    await this.dataSource.query(
      `WITH locked AS (SELECT event_id FROM webhook_attempts WHERE event_id = ANY($1) ORDER BY event_id FOR UPDATE)
       UPDATE webhook_events SET processed = true, processed_at = now()
       WHERE id IN (SELECT event_id FROM locked) AND NOT processed`,
      [ids],
    );
  }

  /**
   * Marks leased events of a locked order as processed in a transaction.
   *
   * @returns the ids of those whose lease was held: only these may be applied.
   */
  async settleLeased(
    manager: EntityManager,
    { token }: LeasedEvents,
    ids: readonly number[],
  ): Promise<number[]> {
    const rows = await queryRows<{ id: number }>(
      manager,
      `WITH locked AS (
         SELECT event_id FROM webhook_attempts WHERE event_id = ANY($1) AND lease_token = $2 ORDER BY event_id FOR UPDATE),
       done AS (
         UPDATE webhook_attempts SET next_attempt_at = NULL, ${END_LEASE}, last_error = NULL
         WHERE event_id IN (SELECT event_id FROM locked) RETURNING event_id)
       UPDATE webhook_events SET processed = true, processed_at = now()
       WHERE id IN (SELECT event_id FROM done) AND NOT processed RETURNING id`,
      [ids, token],
    );
    return rows.map(({ id }) => id);
  }

  /** Schedules the next attempt of leased events and ends their leases. Events whose lease was lost stay unchanged. */
  async postpone({ token }: LeasedEvents, postponements: readonly Postponement[]): Promise<void> {
    if (postponements.length === 0) return;
    await this.dataSource.query(
      `WITH locked AS (
         SELECT event_id FROM webhook_attempts WHERE event_id = ANY($2) AND lease_token = $1 ORDER BY event_id FOR UPDATE)
       UPDATE webhook_attempts a
       SET ${END_LEASE}, last_error = p.why, attempts = a.attempts - CASE WHEN p.is_counted THEN 0 ELSE 1 END,
           next_attempt_at = LEAST(GREATEST(p.until, now() + make_interval(secs => p.seconds)),
             GREATEST(now(), a.queued_at + interval '${LONGEST_WAIT_HOURS} hours 1 second'))
       FROM unnest($2::bigint[], $3::float8[], $4::text[], $5::timestamp[], $6::boolean[])
         AS p (id, seconds, why, until, is_counted)
       WHERE a.event_id = p.id AND a.event_id IN (SELECT event_id FROM locked)`,
      [
        token,
        postponements.map(({ id }) => id),
        postponements.map(({ seconds }) => seconds),
        postponements.map(({ why }) => why),
        postponements.map(({ until }) => until ?? null),
        postponements.map(({ isCounted }) => isCounted),
      ],
    );
  }

  /** Sets leased events aside, each with a reason. They can be replayed. @returns the number that was set aside. */
  async setAside({ token }: LeasedEvents, reasons: ReadonlyMap<number, string>): Promise<number> {
    if (reasons.size === 0) return 0;
    const rows = await queryRows<object>(
      this.dataSource,
      `WITH given AS (SELECT * FROM unnest($2::bigint[], $3::text[]) AS g (id, why)),
       locked AS (
         SELECT a.event_id, g.why FROM webhook_attempts a JOIN given g ON g.id = a.event_id
         WHERE a.lease_token = $1 ORDER BY a.event_id FOR UPDATE OF a),
       done AS (
         UPDATE webhook_attempts a SET next_attempt_at = NULL, ${END_LEASE}, last_error = locked.why
         FROM locked WHERE a.event_id = locked.event_id RETURNING a.event_id, locked.why),
       unapplied AS (
         INSERT INTO unapplied_webhook_events (event_id, reason) SELECT event_id, 'set_aside' FROM done
         ON CONFLICT (event_id) DO UPDATE SET reason = excluded.reason, repeats_event_id = NULL)
       UPDATE webhook_events e SET processed = true, processed_at = now(), error_message = done.why
       FROM done WHERE e.id = done.event_id AND NOT e.processed RETURNING e.id`,
      [token, [...reasons.keys()], [...reasons.values()]],
    );
    return rows.length;
  }
}

/** An event that could not be settled yet, the reason, and the earliest time of the next attempt if it is known. */
export interface Waiting {
  readonly event: LeasedEvent;
  readonly why: string;
  readonly until?: Date | undefined;
  readonly isOrderMissing?: boolean;
  /** False if Appmax should have been asked, but was not. */
  readonly wasAsked?: boolean;
}
