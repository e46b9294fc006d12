/** A repeat that is received this much later may be a new event with the same name, such as the expiry of a second Pix. */
const LATE_REPEAT_SECONDS = 60;

/**
 * SQL: stores a group of events. The parameters are arrays of event, event type, order id, body, "is processed", "its
 * order is synced", and the position (from 1) of the first copy in the group. The copies of an event follow each other.
 *
 * `first` inserts at most one copy of each event, unless the unique index has one already. `decided` finds the event
 * that each of the others repeats: in the group, or in the table. The statement does not see an event that another
 * transaction has committed meanwhile; then it has no id, and nothing is stored. A sync is requested of the order of a
 * first event without a status, and of a late repeat; the request of an operator keeps its reason.
 *
 * The lookups in tables are subqueries of single rows, so that a cached plan uses their index, whatever size the tables
 * had when it was made.
 *
 * @returns one letter for each event: `f` for a first event, `r` for a repeat, `-` for an event that is not stored.
 */
export const STORE_GROUP = `
WITH received AS MATERIALIZED (
  SELECT nextval((SELECT pg_get_serial_sequence('webhook_events', 'id')::regclass)) AS id, r.*
  FROM unnest($1::varchar[], $2::varchar[], $3::integer[], $4::text[], $5::boolean[], $6::boolean[], $7::integer[])
    WITH ORDINALITY AS r (event, event_type, order_id, payload, is_processed, is_synced, lead, position)),
first AS (
  INSERT INTO webhook_events (id, event, event_type, appmax_order_id, payload, processed, processed_at)
  SELECT id, event, event_type, order_id, payload::json, is_processed, CASE WHEN is_processed THEN now() END
  FROM received WHERE position = lead ORDER BY position
  ON CONFLICT (appmax_order_id, event) WHERE error_message IS NULL DO NOTHING
  RETURNING id),
decided AS MATERIALIZED (
  SELECT r.*, COALESCE(r.lead_id, stored.id) AS first_id,
    CASE WHEN r.id = r.lead_id THEN is_synced
      ELSE stored.created_at < now() - interval '${LATE_REPEAT_SECONDS} seconds' END AS needs_sync
  FROM (
    SELECT *, max(CASE WHEN id IN (SELECT id FROM first) THEN id END) OVER (PARTITION BY lead) AS lead_id
    FROM received) r
  LEFT JOIN LATERAL (
    SELECT e.id, e.created_at FROM webhook_events e
    WHERE r.lead_id IS NULL AND e.appmax_order_id = r.order_id AND e.event = r.event AND e.error_message IS NULL
    LIMIT 1) stored ON true),
repeats AS (
  INSERT INTO webhook_events
    (id, event, event_type, appmax_order_id, payload, processed, processed_at, error_message)
  SELECT id, event, event_type, order_id, payload::json, true, now(), 'repeats webhook event ' || first_id
  FROM decided WHERE id <> first_id ORDER BY position),
unapplied AS (
  INSERT INTO unapplied_webhook_events (event_id, reason, repeats_event_id)
  SELECT id, 'repeated', first_id FROM decided WHERE id <> first_id),
requested AS (
  INSERT INTO order_refreshes AS r (appmax_order_id, since, next_at, requested_at, reason)
  SELECT order_id, now(), now(), now(), 'repeat'
  FROM (SELECT DISTINCT order_id FROM decided WHERE needs_sync AND order_id IS NOT NULL) changed
  WHERE (SELECT true FROM orders o WHERE o.appmax_order_id = changed.order_id)
  ORDER BY order_id
  ON CONFLICT (appmax_order_id) DO UPDATE
  SET next_at = LEAST(r.next_at, excluded.next_at), requested_at = excluded.requested_at,
      reason = CASE WHEN r.requested_at IS NOT NULL AND r.reason = 'admin' THEN r.reason ELSE excluded.reason END)
SELECT string_agg(CASE WHEN first_id IS NULL THEN '-' WHEN id = first_id THEN 'f' ELSE 'r' END, '' ORDER BY position)
  AS outcomes
FROM decided`;
