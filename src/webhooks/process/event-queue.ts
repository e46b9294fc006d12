import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { END_LEASE, isLeaseFree, takeLease } from '../../common/leases/lease';
import { LeaseKeeper } from '../../common/leases/lease-keeper';
import { queryRows } from '../../database';

/** An event that waits longer than this is set aside. */
export const LONGEST_WAIT_HOURS = 72;

/** The reason why an event waits whose order is not in the database. */
export const ORDER_MISSING = 'its order did not appear';

/** An event whose lease this instance holds. */
export interface LeasedEvent {
  readonly id: number;
  readonly event: string;
  readonly createdAt: Date;
  /** Including the current one. */
  readonly attempts: number;
  readonly isOverdue: boolean;
}

/** The due events of one order, under one lease token. */
export interface LeasedEvents {
  readonly orderId: number;
  readonly token: string;
  readonly events: readonly LeasedEvent[];
}

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

interface LeasedRow extends LeasedEvent {
  readonly orderId: number;
}

/** Renews the leases of the events that this process is processing. */
@Injectable()
export class EventLeases extends LeaseKeeper {
  constructor(@InjectDataSource() dataSource: DataSource) {
    super(dataSource, { name: 'webhook_attempts', idColumn: 'appmax_order_id' });
  }
}

/** The queue of events that are not processed (`webhook_attempts`). Each statement is a separate short transaction. */
@Injectable()
export class EventQueue {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly leases: EventLeases,
  ) {}

  /** Runs work, and renews the lease of the order's events until it ends. */
  during<Value>({ orderId, token }: LeasedEvents, work: () => Promise<Value>): Promise<Value> {
    return this.leases.during({ id: orderId, token }, work);
  }

  /** Leases the due events of one known order: the one whose event is due longest, among events without attempts. */
  leaseFresh(): Promise<LeasedEvents | undefined> {
    return this.leaseDueLongest('is_order_known AND attempts = 0');
  }

  /** Leases the due events of one known order: the one whose event is due longest. */
  leaseDue(): Promise<LeasedEvents | undefined> {
    return this.leaseDueLongest('is_order_known');
  }

  /** Leases the due events of one unknown order: the one whose event is due longest, among those in `condition`. */
  leaseUnknown(condition: string): Promise<LeasedEvents | undefined> {
    return this.leaseDueLongest(`NOT is_order_known AND (${condition})`);
  }

  /** @param condition SQL on the columns of `webhook_attempts`. */
  private leaseDueLongest(condition: string): Promise<LeasedEvents | undefined> {
    return this.lease(`q.appmax_order_id = (${orderDueLongest(condition)}) AND q.next_attempt_at <= now()`);
  }

  /** Leases the events of one order, due or not, unless another instance holds their lease. */
  leaseOf(orderId: number): Promise<LeasedEvents | undefined> {
    return this.lease('q.appmax_order_id = $2 AND q.next_attempt_at IS NOT NULL', orderId);
  }

  private async lease(condition: string, ...values: number[]): Promise<LeasedEvents | undefined> {
    const token = randomUUID();
    const rows = await queryRows<LeasedRow>(
      this.dataSource,
      `UPDATE webhook_attempts a SET attempts = a.attempts + 1, ${takeLease('$1')}
       FROM (SELECT event_id FROM webhook_attempts q WHERE ${condition} AND ${isLeaseFree('q')} ORDER BY event_id FOR UPDATE OF q SKIP LOCKED) due
       JOIN webhook_events e ON e.id = due.event_id
       WHERE a.event_id = due.event_id AND NOT e.processed
       RETURNING a.event_id AS id, a.appmax_order_id AS "orderId", a.attempts, e.event, e.created_at AS "createdAt",
         a.queued_at < now() - interval '${LONGEST_WAIT_HOURS} hours' AS "isOverdue"`,
      [token, ...values],
    );
    const [first] = rows;
    return first === undefined ? undefined : { orderId: first.orderId, token, events: rows };
  }

  /** Returns the body of an event. */
  async payloadOf(id: number): Promise<unknown> {
    const [row] = await queryRows<{ payload: unknown }>(
      this.dataSource,
      'SELECT payload FROM webhook_events WHERE id = $1',
      [id],
    );
    return row?.payload;
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
   * Marks one leased event as processed in a transaction.
   *
   * @returns false if the lease was lost: then nothing may be applied.
   */
  async settleLeased(manager: EntityManager, { token }: LeasedEvents, id: number): Promise<boolean> {
    const rows = await queryRows<object>(
      manager,
      `WITH done AS (
         UPDATE webhook_attempts SET next_attempt_at = NULL, ${END_LEASE}, last_error = NULL
         WHERE event_id = $1 AND lease_token = $2 RETURNING event_id)
       UPDATE webhook_events SET processed = true, processed_at = now()
       WHERE id IN (SELECT event_id FROM done) AND NOT processed RETURNING id`,
      [id, token],
    );
    return rows.length === 1;
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

  /** Sets a leased event aside with a reason. It can be replayed. */
  async setAside({ token }: LeasedEvents, id: number, why: string): Promise<void> {
    await this.dataSource.query(
      `WITH done AS (
         UPDATE webhook_attempts SET next_attempt_at = NULL, ${END_LEASE}, last_error = $3
         WHERE event_id = $1 AND lease_token = $2 RETURNING event_id),
       unapplied AS (
         INSERT INTO unapplied_webhook_events (event_id, reason) SELECT event_id, 'set_aside' FROM done
         ON CONFLICT (event_id) DO UPDATE SET reason = excluded.reason, repeats_event_id = NULL)
       UPDATE webhook_events SET processed = true, processed_at = now(), error_message = $3
       WHERE id IN (SELECT event_id FROM done) AND NOT processed`,
      [id, token, why],
    );
  }
}

/** SQL: selects the order whose event is due longest, and locks that event. */
function orderDueLongest(condition: string): string {
  return `SELECT appmax_order_id FROM webhook_attempts w
          WHERE next_attempt_at <= now() AND appmax_order_id IS NOT NULL AND ${isLeaseFree('w')} AND ${condition}
          ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
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
