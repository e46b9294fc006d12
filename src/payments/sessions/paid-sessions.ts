import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { queryRows } from '../../database';
import { KIND_LISTS } from '../operations/rows/kind-lists';
import { PaymentMetrics } from '../payment-metrics';

/** The payments that one round flags. */
const BATCH = 50;

/** Flags checkout sessions that were paid twice, by two of their orders. */
@Injectable()
export class PaidSessions {
  private readonly logger = new Logger('Payments');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly metrics: PaymentMetrics,
  ) {}

  /** Flags the newest payment of each further paid order of a session, once. A person must refund it. */
  async flagExtraPayments(): Promise<void> {
    const flagged = await queryRows<{ order_id: number; operation_id: number | null }>(
      this.dataSource,
      `WITH due AS (
         SELECT order_id FROM session_payments WHERE is_extra AND flagged_at IS NULL
         ORDER BY order_id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED),
       newest AS (
         SELECT p.order_id, max(p.id) AS id FROM operations p JOIN due ON due.order_id = p.order_id
         WHERE p.kind IN (${KIND_LISTS.methods}) AND p.state NOT IN ('prepared', 'not_sent') GROUP BY p.order_id),
       marked AS (
         UPDATE operations SET paid_twice_at = clock_timestamp()
         WHERE id IN (SELECT id FROM newest) AND paid_twice_at IS NULL)
       UPDATE session_payments s SET flagged_at = clock_timestamp()
       FROM due LEFT JOIN newest ON newest.order_id = due.order_id WHERE s.order_id = due.order_id
       RETURNING s.order_id, newest.id AS operation_id`,
    );
    for (const { operation_id: operationId } of flagged) {
      this.metrics.paidTwice.inc();
      this.logger.error({ operationId }, 'A checkout session was paid twice: refund one of its payments');
    }
  }
}
