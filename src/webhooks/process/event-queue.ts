import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

/** How long an instance has a claimed event to itself, in seconds; longer than asking Appmax takes. */
const LEASE = 60;
/** How long an event may wait before it is set aside, in hours. */
export const PATIENCE_HOURS = 72;

/** An event that this instance alone works on until its lease is over; the token fences off who comes late. */
export interface ClaimedEvent {
  readonly id: number;
  readonly event: string;
  readonly createdAt: Date;
  /** This one included. */
  readonly attempts: number;
  readonly isOverdue: boolean;
}

/** All events of one order that are due, under one token. */
export interface ClaimedEvents {
  readonly orderId: number;
  readonly token: string;
  readonly events: readonly ClaimedEvent[];
}

/** An event that waits on, and why: until an instant of the database's clock, or for so many seconds. */
export interface Postponement {
  readonly id: number;
  readonly why: string;
  readonly until?: Date | undefined;
  readonly seconds: number;
}

interface ClaimedRow extends ClaimedEvent {
  readonly orderId: number;
}

/** The queue of events that are not processed. Each statement is a transaction of its own, and short. */
@Injectable()
export class EventQueue {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Claims the events of the order that has waited longest; only of those that have one that nobody has looked at yet. */
  claimFresh(): Promise<ClaimedEvents | undefined> {
    return this.claim(
      `q.appmax_order_id = (${longestWaiting('AND attempts = 0')}) AND q.next_attempt_at <= now()`,
    );
  }

  /** Claims the events of the order that has waited longest. */
  claimDue(): Promise<ClaimedEvents | undefined> {
    return this.claim(`q.appmax_order_id = (${longestWaiting('')}) AND q.next_attempt_at <= now()`);
  }

  /** Claims the events of one order, due or not. */
  claimOf(orderId: number): Promise<ClaimedEvents | undefined> {
    return this.claim('q.appmax_order_id = $2 AND q.next_attempt_at IS NOT NULL', orderId);
  }

  /** A claimed event is due again when its lease is over, so a killed instance's work is taken over. */
  private async claim(whose: string, ...values: number[]): Promise<ClaimedEvents | undefined> {
    const token = randomUUID();
    const [rows] = await this.dataSource.query<[ClaimedRow[], number]>(
      `UPDATE webhook_attempts a SET attempts = a.attempts + 1, lease_token = $1, next_attempt_at = now() + interval '${LEASE} seconds'
       FROM (SELECT event_id FROM webhook_attempts q WHERE ${whose} ORDER BY event_id FOR UPDATE OF q SKIP LOCKED) due
       JOIN webhook_events e ON e.id = due.event_id
       WHERE a.event_id = due.event_id AND NOT e.processed
       RETURNING a.event_id AS id, a.appmax_order_id AS "orderId", a.attempts, e.event, e.created_at AS "createdAt",
         a.queued_at < now() - interval '${PATIENCE_HOURS} hours' AS "isOverdue"`,
      [token, ...values],
    );
    const [first] = rows;
    return first === undefined ? undefined : { orderId: first.orderId, token, events: rows };
  }

  /** The body of an event. */
  async payloadOf(id: number): Promise<unknown> {
    const [row] = await this.dataSource.query<{ payload: unknown }[]>(
      'SELECT payload FROM webhook_events WHERE id = $1',
      [id],
    );
    return row?.payload;
  }

  /** The events of an order that wait and came before an instant; claimed or not. */
  async waiting(orderId: number, before: Date): Promise<{ id: number; event: string }[]> {
    return this.dataSource.query(
      `SELECT e.id, e.event FROM webhook_attempts a JOIN webhook_events e ON e.id = a.event_id
       WHERE a.appmax_order_id = $1 AND a.next_attempt_at IS NOT NULL AND NOT e.processed AND e.created_at < $2`,
      [orderId, before],
    );
  }

  /** Marks events as processed. Not fenced: whoever says so has seen that Appmax says so, which doesn't change back. */
  async settle(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    // A trigger takes them out of the queue, whoever has them.
    await this.dataSource.query(
      'UPDATE webhook_events SET processed = true, processed_at = now() WHERE id = ANY($1) AND NOT processed',
      [ids],
    );
  }

  /** Marks one claimed event as processed in a transaction. @returns false when the claim was lost: nothing may be applied. */
  async settleClaimed(manager: EntityManager, { token }: ClaimedEvents, id: number): Promise<boolean> {
    const [, count] = await manager.query<[unknown[], number]>(
      `WITH done AS (
         UPDATE webhook_attempts SET next_attempt_at = NULL, lease_token = NULL, last_error = NULL
         WHERE event_id = $1 AND lease_token = $2 RETURNING event_id)
       UPDATE webhook_events SET processed = true, processed_at = now()
       WHERE id IN (SELECT event_id FROM done) AND NOT processed`,
      [id, token],
    );
    return count === 1;
  }

  /** Puts claimed events off. One that an order or another instance has taken meanwhile stays as they left it. */
  async postpone({ token }: ClaimedEvents, postponements: readonly Postponement[]): Promise<void> {
    if (postponements.length === 0) return;
    await this.dataSource.query(
      `UPDATE webhook_attempts a
       SET lease_token = NULL, last_error = p.why,
           next_attempt_at = LEAST(GREATEST(p.until, now() + make_interval(secs => p.seconds)),
             GREATEST(now(), a.queued_at + interval '${PATIENCE_HOURS} hours 1 second'))
       FROM unnest($2::bigint[], $3::float8[], $4::text[], $5::timestamp[]) AS p (id, seconds, why, until)
       WHERE a.event_id = p.id AND a.lease_token = $1`,
      [
        token,
        postponements.map(({ id }) => id),
        postponements.map(({ seconds }) => seconds),
        postponements.map(({ why }) => why),
        postponements.map(({ until }) => until ?? null),
      ],
    );
  }

  /** Gives claimed events up: they stay, say why, and can be replayed. */
  async setAside({ token }: ClaimedEvents, id: number, why: string): Promise<void> {
    await this.dataSource.query(
      `WITH done AS (
         UPDATE webhook_attempts SET next_attempt_at = NULL, lease_token = NULL, last_error = $3
         WHERE event_id = $1 AND lease_token = $2 RETURNING event_id)
       UPDATE webhook_events SET processed = true, processed_at = now(), error_message = $3
       WHERE id IN (SELECT event_id FROM done) AND NOT processed`,
      [id, token, why],
    );
  }
}

function longestWaiting(condition: string): string {
  return `SELECT appmax_order_id FROM webhook_attempts WHERE next_attempt_at <= now() AND appmax_order_id IS NOT NULL ${condition}
          ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
}
