/** The lease of an order's sync. Only its holder asks Appmax for the order. */
export interface SyncLease {
  readonly orderId: number;
  readonly token: string;
  /** The time at which the order got its current status. */
  readonly since: Date;
  readonly now: Date;
  readonly askedAt: Date | null;
  readonly requestedAt: Date | null;
  readonly reason: string | null;
  /** The request or webhook that has requested it; null without tracing. */
  readonly traceparent: string | null;
  readonly failures: number;
  /** The reads that webhooks have caused today. */
  readonly webhookReads: number;
  /** True if a payment of the order was sent, if Appmax has shown one, or if the order was not made here. */
  readonly mayBePaid: boolean;
}

/**
 * SQL: true if an order may be paid: it is not one that was made here and for which no payment was ever sent. After a
 * restoration, a payment that was sent may be lost.
 */
const MAY_BE_PAID = `(r.has_payment OR EXISTS (
  SELECT FROM orders o WHERE o.appmax_order_id = r.appmax_order_id AND (o.status <> 'pendente'
    OR NOT EXISTS (SELECT FROM operations made WHERE made.order_id = o.id AND made.kind = 'order'
      AND NOT EXISTS (SELECT FROM restorations x WHERE made.settled_at < x.readings_from))
    OR EXISTS (SELECT FROM operations p WHERE p.order_id = o.id AND p.kind <> 'order' AND p.sent_at IS NOT NULL))))`;

/** SQL: the columns of a {@link SyncLease}. The table has the alias `r`. */
export const LEASE_COLUMNS = `r.appmax_order_id AS "orderId", r.lease_token AS token, r.since, now()::timestamp AS now,
  r.asked_at AS "askedAt", r.requested_at AS "requestedAt", r.reason, r.traceparent, r.failures,
  CASE WHEN r.webhook_reads_day = now()::date THEN r.webhook_reads ELSE 0 END AS "webhookReads",
  ${MAY_BE_PAID} AS "mayBePaid"`;
