import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { isLeaseFree, LEASE_EXPIRY } from '../../common/leases/lease';
import { queryRows } from '../../database';
import {
  LEASED_COLUMNS,
  type LeasedEvent,
  type LeasedEvents,
  LONGEST_WAIT_HOURS,
  ORDER_MISSING,
} from './event-queue';

/** The attempts that ask Appmax for an unknown order: few, because anyone can forge events with a merchant's key. */
export const ASKING_ATTEMPTS: readonly number[] = [3, 6, 9, 12, 15];

/** The pauses between attempts while the order is missing. */
export const MISSING_ORDER_PAUSE = { firstSeconds: 1, longestSeconds: 6 * 3600 };

/** The maximum number of events that one statement handles. */
const LOOKED_AT_ONCE = 1_000;
/** The pause of an event that should be set aside while no worker is free to do it. */
const OVERDUE_PAUSE_SECONDS = 30;

const IS_DUE = `w.next_attempt_at <= now() AND NOT w.is_order_known AND w.appmax_order_id IS NOT NULL AND ${isLeaseFree('w')}`;

/** SQL: true if there is work for `look`. */
export const HAS_DUE_UNKNOWN = `EXISTS (SELECT FROM webhook_attempts w WHERE ${IS_DUE})`;

/** SQL: the pause after an attempt, with the jitter of `backoff`. */
const PAUSE = `LEAST(interval '${MISSING_ORDER_PAUSE.longestSeconds} seconds',
  interval '${MISSING_ORDER_PAUSE.firstSeconds} second' * power(2, LEAST(a.attempts, 20))) * (0.5 + random() / 2)`;

/** The result of one statement. */
export interface Looked {
  /** True if more events may be due. */
  readonly isFull: boolean;
  /** True if the order of an event was found. */
  readonly hasFound: boolean;
  /** The events for whose orders Appmax is asked, and those that are set aside. */
  readonly leased: LeasedEvents | undefined;
}

type LookedRow = LeasedEvent & { readonly looked: number; readonly found: number };

/**
 * Keeps the part of the queue whose orders are not in the database. Most of its attempts only look for the order, and
 * one statement makes a thousand of them: a flood of forged events costs little, and delays no other event.
 */
@Injectable()
export class UnknownOrders {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Makes the attempts that are due longest. Events whose order is there are due now like those of other known orders;
   * attempts that ask Appmax, and events that are set aside, are leased; all others are postponed.
   *
   * @param mayLease false if no worker is free for leased events: then these are postponed, too, and the attempts of those
   * that should ask do not count.
   */
  async look(mayLease: boolean): Promise<Looked> {
    const token = randomUUID();
    const rows = await queryRows<LookedRow>(
      this.dataSource,
      `WITH due AS (
         SELECT event_id, appmax_order_id, attempts + 1 IN (${ASKING_ATTEMPTS.join(', ')}) AS is_asking,
           queued_at < now() - interval '${LONGEST_WAIT_HOURS} hours' AS is_overdue
         FROM webhook_attempts w WHERE ${IS_DUE}
         ORDER BY next_attempt_at LIMIT ${LOOKED_AT_ONCE} FOR UPDATE SKIP LOCKED),
       looked AS (
         SELECT due.*, EXISTS (SELECT FROM orders o WHERE o.appmax_order_id = due.appmax_order_id) AS is_known FROM due),
       decided AS (SELECT looked.*, NOT is_known AND (is_asking OR is_overdue) AND $3::boolean AS is_leased FROM looked),
       attempted AS (
         UPDATE webhook_attempts a
         SET is_order_known = is_known,
             attempts = CASE WHEN is_known THEN 0 WHEN is_asking AND NOT is_leased THEN a.attempts ELSE a.attempts + 1 END,
             last_error = CASE WHEN is_known OR is_leased THEN a.last_error ELSE $1 END,
             lease_token = CASE WHEN is_leased THEN $2::uuid END,
             lease_expires_at = CASE WHEN is_leased THEN ${LEASE_EXPIRY} END,
             next_attempt_at = CASE WHEN is_known THEN now() WHEN is_leased THEN a.next_attempt_at
               WHEN is_overdue THEN now() + interval '${OVERDUE_PAUSE_SECONDS} seconds'
               ELSE LEAST(now() + ${PAUSE}, a.queued_at + interval '${LONGEST_WAIT_HOURS} hours 1 second') END
         FROM decided WHERE a.event_id = decided.event_id
         RETURNING a.*, is_known)
       SELECT counts.*, leased.* FROM (
         SELECT count(*)::int AS looked, count(*) FILTER (WHERE is_known)::int AS found FROM attempted) counts
       LEFT JOIN (
         SELECT ${LEASED_COLUMNS} FROM attempted a JOIN webhook_events e ON e.id = a.event_id
         WHERE a.lease_token IS NOT NULL) leased ON true`,
      [ORDER_MISSING, token, mayLease],
    );
    const [first] = rows;
    const events = rows.filter(({ id }: { readonly id: number | null }) => id !== null);
    return {
      isFull: first?.looked === LOOKED_AT_ONCE,
      hasFound: (first?.found ?? 0) > 0,
      leased: events.length === 0 ? undefined : { token, events },
    };
  }
}
