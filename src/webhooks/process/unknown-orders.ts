import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { isLeaseFree } from '../../common/leases/lease';
import { queryRows } from '../../database';
import { EventQueue, type LeasedEvents, LONGEST_WAIT_HOURS, ORDER_MISSING } from './event-queue';

/** The attempts that ask Appmax for an unknown order: few, because anyone can forge events with a merchant's key. */
export const ASKING_ATTEMPTS: readonly number[] = [3, 6, 9, 12, 15];

/** The pauses between attempts while the order is missing. */
export const MISSING_ORDER_PAUSE = { firstSeconds: 1, longestSeconds: 6 * 3600 };

/** The maximum number of events that one statement postpones. */
const POSTPONED_AT_ONCE = 1_000;
/** An event that is due for longer than this is postponed without an attempt, so that the queue never grows. */
const LONGEST_DUE_SECONDS = 30;

const IS_ASKING = `attempts + 1 IN (${ASKING_ATTEMPTS.join(', ')})`;
const IS_OVERDUE = `queued_at < now() - interval '${LONGEST_WAIT_HOURS} hours'`;

/** SQL: the pause after an attempt, with the jitter of `backoff`. */
const PAUSE = `LEAST(interval '${MISSING_ORDER_PAUSE.longestSeconds} seconds',
  interval '${MISSING_ORDER_PAUSE.firstSeconds} second' * power(2, LEAST(attempts, 20))) * (0.5 + random() / 2)`;

/**
 * Keeps the part of the queue whose orders are not in the database. Most of its attempts only look for the order, and
 * one statement makes a thousand of them: a flood of forged events costs little, and delays no other event.
 */
@Injectable()
export class UnknownOrders {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly queue: EventQueue,
  ) {}

  /** Leases the due events of one unknown order for which Appmax is asked, or that are set aside. */
  lease(): Promise<LeasedEvents | undefined> {
    return this.queue.leaseUnknown(`${IS_ASKING} OR ${IS_OVERDUE}`);
  }

  /**
   * Makes all due attempts that only look for the order. Events whose order is there are due now like those of other
   * known orders, the rest is postponed. Attempts that ask Appmax are left to `lease`, for at most 30 s.
   */
  async look(): Promise<void> {
    for (;;) {
      const rows = await queryRows<object>(
        this.dataSource,
        `WITH due AS (
           SELECT event_id, appmax_order_id FROM webhook_attempts w
           WHERE next_attempt_at <= now() AND NOT is_order_known AND appmax_order_id IS NOT NULL AND ${isLeaseFree('w')}
             AND NOT (${IS_OVERDUE})
             AND (NOT (${IS_ASKING}) OR next_attempt_at < now() - interval '${LONGEST_DUE_SECONDS} seconds')
           ORDER BY next_attempt_at LIMIT ${POSTPONED_AT_ONCE} FOR UPDATE SKIP LOCKED),
         looked AS (
           SELECT event_id, EXISTS (SELECT FROM orders o WHERE o.appmax_order_id = due.appmax_order_id) AS is_known FROM due)
         UPDATE webhook_attempts a
         SET is_order_known = is_known,
             attempts = CASE WHEN is_known THEN 0 WHEN ${IS_ASKING} THEN attempts ELSE attempts + 1 END,
             last_error = CASE WHEN is_known THEN last_error ELSE $1 END,
             next_attempt_at = CASE WHEN is_known THEN now()
               ELSE LEAST(now() + ${PAUSE}, GREATEST(now(), queued_at + interval '${LONGEST_WAIT_HOURS} hours 1 second')) END
         FROM looked WHERE a.event_id = looked.event_id
         RETURNING a.event_id`,
        [ORDER_MISSING],
      );
      if (rows.length < POSTPONED_AT_ONCE) return;
    }
  }
}
