/** The time zone of the statistics' days: Appmax's merchants are in Brazil. */
export const TIME_ZONE = 'America/Sao_Paulo';

/** The upper limits, in seconds, by which the time from a Pix code to its payment is grouped. */
export const PIX_WAIT_SECONDS = [60, 300, 900, 1_800, 3_600, 86_400] as const;

/** The group of a Pix that was paid later than the last limit. */
export const LONGER = 'longer';

/** SQL: the day of an instant. */
const dayOf = (instant: string): string =>
  `(${instant} AT TIME ZONE 'UTC' AT TIME ZONE '${TIME_ZONE}')::date`;

/** SQL: the current day. */
export const TODAY = dayOf("(now() AT TIME ZONE 'UTC')");

const PIX_WAIT = `CASE ${PIX_WAIT_SECONDS.map((limit) => `WHEN f.pix_seconds <= ${limit} THEN '${limit}'`).join(' ')}
  ELSE '${LONGER}' END`;

const FACTS = `order_id, installation_id, payment_method, status, total_cents, made_on, paid_on, refunded_on,
  refunded_cents, declines, pix_seconds`;

/** SQL: what the facts of an order, as `f`, contribute to the sums. */
const CONTRIBUTIONS = `(VALUES
    (f.made_on, 'made', f.payment_method, f.status, 1::bigint, f.total_cents::bigint),
    (f.paid_on, 'paid', f.payment_method, f.status, 1, f.total_cents),
    (f.refunded_on, 'refunded', f.payment_method, f.status, 1, f.refunded_cents),
    (CASE WHEN f.declines > 0 THEN f.made_on END, 'declined', 'credit_card', '', f.declines, 0),
    (CASE WHEN f.pix_seconds IS NOT NULL THEN f.paid_on END, 'pix_wait', 'pix', ${PIX_WAIT}, 1, f.pix_seconds)
  ) AS v (day, measure, payment_method, detail, entries, amount)`;

/**
 * SQL: the facts of orders, computed from the tables that the statistics are about. An order counts as paid from the
 * first time at which it had a paid status. A Pix waits from when its last code before that time was sent.
 *
 * @param ids SQL: a set of rows with the column `order_id`.
 * @param paidStatuses the placeholder of an array of the statuses of paid orders.
 */
export const factsOf = (ids: string, paidStatuses: string): string => `
  SELECT o.id AS order_id, o.installation_id, COALESCE(o.payment_method, 'none') AS payment_method, o.status,
    o.total_cents, ${dayOf('COALESCE(o.created_at, o.updated_at)')} AS made_on,
    CASE WHEN o.status = ANY (${paidStatuses}::varchar[]) THEN ${dayOf('COALESCE(paid.at, o.updated_at)')} END AS paid_on,
    CASE WHEN r.cents > 0 THEN ${dayOf('r.at')} END AS refunded_on, r.cents AS refunded_cents, p.declines,
    CASE WHEN o.status = ANY (${paidStatuses}::varchar[]) AND o.payment_method = 'pix'
      THEN extract(epoch FROM paid.at - p.pix_sent_at)::integer END AS pix_seconds
  FROM (SELECT DISTINCT order_id FROM ${ids}) c JOIN orders o ON o.id = c.order_id
  CROSS JOIN LATERAL (
    SELECT min(s.changed_at) FILTER (WHERE s.status = ANY (${paidStatuses}::varchar[])) AS at,
      max(s.changed_at) FILTER (WHERE s.status = 'estornado') AS refunded_at
    FROM order_status_changes s WHERE s.appmax_order_id = o.appmax_order_id) paid
  CROSS JOIN LATERAL (
    SELECT (count(*) FILTER (WHERE q.state = 'declined' AND q.kind IN ('credit_card', 'upsell')))::integer AS declines,
      max(q.sent_at) FILTER (WHERE q.kind = 'pix' AND q.state = 'done' AND q.sent_at <= paid.at) AS pix_sent_at,
      COALESCE(sum(q.amount_cents) FILTER (WHERE q.kind = 'refund' AND q.state = 'confirmed'), 0) AS refunded_cents,
      max(q.settled_at) FILTER (WHERE q.kind = 'refund' AND q.state = 'confirmed') AS refunded_at
    FROM operations q WHERE q.order_id = o.id) p
  CROSS JOIN LATERAL (
    SELECT CASE WHEN o.status = 'estornado' THEN o.total_cents ELSE p.refunded_cents END AS cents,
      CASE WHEN o.status = 'estornado' THEN COALESCE(paid.refunded_at, o.updated_at) ELSE p.refunded_at END AS at) r`;

/** The `installation_id` of the sums of all shops. No installation has it. */
export const ALL_SHOPS = 0;

/**
 * SQL: the sums of facts, of each shop and of all shops.
 *
 * @param facts SQL: rows with the columns of `order_facts` and `sign`, 1 or -1.
 */
export const sumsOf = (facts: string): string => `
  SELECT v.day, COALESCE(f.installation_id, ${ALL_SHOPS}) AS installation_id, v.measure, v.payment_method, v.detail,
    sum(f.sign * v.entries)::bigint AS entries, sum(f.sign * v.amount)::bigint AS amount
  FROM ${facts} f CROSS JOIN LATERAL ${CONTRIBUTIONS} WHERE v.day IS NOT NULL
  GROUP BY v.day, v.measure, v.payment_method, v.detail, GROUPING SETS ((f.installation_id), ())
  HAVING sum(f.sign * v.entries) <> 0 OR sum(f.sign * v.amount) <> 0`;

/** The columns of the sums of orders: each is a column of the rows `d` of `daily_statistics` with a measure. */
const SUM_COLUMNS = {
  orders: ['entries', 'made'],
  orders_cents: ['amount', 'made'],
  paid: ['entries', 'paid'],
  paid_cents: ['amount', 'paid'],
  refunds: ['entries', 'refunded'],
  refunded_cents: ['amount', 'refunded'],
  declines: ['entries', 'declined'],
} as const;

const NAMES = Object.keys(SUM_COLUMNS);

/** SQL: the sums of orders of rows `d` of `daily_statistics`. @param type the type of each. */
export const sumsByMeasure = (type: 'bigint' | 'float8'): string =>
  Object.entries(SUM_COLUMNS)
    .map(
      ([name, [column, measure]]) =>
        `COALESCE(sum(d.${column}) FILTER (WHERE d.measure = '${measure}'), 0)::${type} AS ${name}`,
    )
    .join(', ');

/** SQL: the sums of orders of rows `d` of `daily_shop_sums`. */
export const SUMS_OF_SHOPS = NAMES.map((name) => `sum(d.${name})::float8 AS ${name}`).join(', ');

/** SQL: what sums are in `daily_shop_sums`. @param sums SQL: rows with the columns of `daily_statistics`. */
export const shopSumsOf = (sums: string): string => `
  SELECT d.day, d.installation_id, ${sumsByMeasure('bigint')} FROM ${sums} d
  WHERE d.installation_id <> ${ALL_SHOPS} GROUP BY d.day, d.installation_id`;

/** SQL: adds changes to rows, which are written in the order of their keys. */
const add = (table: string, changes: string, keys: string, columns: readonly string[]): string => `
  INSERT INTO ${table} (${keys}, ${columns.join()})
  SELECT ${keys}, ${columns.map((name) => `c.${name} + COALESCE(d.${name}, 0)`).join()}
  FROM ${changes} c LEFT JOIN ${table} d USING (${keys}) ORDER BY ${keys}
  ON CONFLICT (${keys}) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join()}`;

/**
 * SQL: takes up to $1 entries of the queue and updates the facts of their orders and the sums; $2 are the statuses of
 * paid orders. Only one transaction at a time may run it, because it writes sums that it has read.
 */
export const COUNT_QUEUED = `
  WITH taken AS (
    DELETE FROM statistics_queue WHERE id IN (SELECT id FROM statistics_queue ORDER BY id LIMIT $1) RETURNING order_id),
  former AS (SELECT f.* FROM order_facts f WHERE f.order_id IN (SELECT order_id FROM taken)),
  current AS (${factsOf('taken', '$2')}),
  written AS (
    INSERT INTO order_facts (${FACTS}) SELECT ${FACTS} FROM current ORDER BY order_id
    ON CONFLICT (order_id) DO UPDATE SET (${FACTS}) = ROW (${FACTS.replace(/(\w+)/g, 'excluded.$1')})),
  gone AS (DELETE FROM order_facts WHERE order_id IN (
    SELECT order_id FROM former EXCEPT SELECT order_id FROM current)),
  signed AS (SELECT ${FACTS}, 1 AS sign FROM current UNION ALL SELECT ${FACTS}, -1 FROM former),
  change AS (${sumsOf('signed')}),
  shop_change AS (${shopSumsOf('change')}),
  summed AS (${add('daily_statistics', 'change', 'day, installation_id, measure, payment_method, detail', ['entries', 'amount'])}),
  shops_summed AS (${add('daily_shop_sums', 'shop_change', 'day, installation_id', NAMES)})
  SELECT count(*)::int AS count FROM taken`;
