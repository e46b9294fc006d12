import { type Client } from 'pg';
import { factsOf, shopSumsOf, sumsOf } from '../../src/admin/statistics/statistics-sql';
import { PAID_STATUSES } from '../../src/orders';

const SHOPS = 200;

/** Seconds between two orders: 2 million are those of almost a year. */
const SECONDS_APART = 15;

/** One in so many orders has a webhook event; one in so many events was set aside, or is a repeat of another. */
const ORDERS_PER_EVENT = 4;
const EVENTS_PER_SET_ASIDE = 50;

/** SQL: a number from 0 to `below` - 1 that is always the same for `n` and `salt`, and looks random. */
const spread = (salt: number, below: number): string => `((hashint4(n + ${salt}) & 2147483647) % ${below})`;

const pick = (values: readonly string[], salt: number): string =>
  `(ARRAY[${values.map((value) => `'${value}'`).join()}])[1 + ${spread(salt, values.length)}]`;

const STATUSES = [
  ...['aprovado', 'aprovado', 'aprovado', 'integrado', 'pendente', 'cancelado', 'cancelado', 'estornado'],
];
const METHODS = ['pix', 'pix', 'credit_card', 'credit_card', 'credit_card', 'boleto'];

const FACTS = `order_id, installation_id, payment_method, status, total_cents, made_on, paid_on, refunded_on,
  refunded_cents, declines, pix_seconds`;

/** Statements that fill the tables by sets. Triggers and indexes are left out meanwhile, because each row would pay. */
const STATEMENTS = (
  orders: number,
): readonly (readonly [what: string, sql: string, values?: unknown[]])[] => [
  [
    'shops',
    `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id,
       created_at, updated_at)
     SELECT 'shop-' || n, 'app', 'id', 's', gen_random_uuid(), now(), now() FROM generate_series(1, ${SHOPS}) n`,
  ],
  [
    'orders, of which one shop has a third',
    `WITH shops AS (
       SELECT array_agg(id ORDER BY id) AS ids FROM installations WHERE external_key LIKE 'shop-%')
     INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status, payment_method, total_cents,
       created_at, updated_at)
     SELECT shops.ids[CASE WHEN n % 3 = 0 THEN 1 ELSE 1 + ${spread(0, SHOPS)} END], 1, n, ${pick(STATUSES, 7)},
       ${pick(METHODS, 9)}, 1000 + ${spread(11, 100_000)},
       now() - (${orders} - n) * interval '${SECONDS_APART} seconds', now()
     FROM generate_series(1, ${orders}) n, shops`,
  ],
  [
    'status changes',
    `INSERT INTO order_status_changes (appmax_order_id, status, changed_at)
     SELECT appmax_order_id, status, created_at + interval '90 seconds' FROM orders ORDER BY id`,
  ],
  [
    'webhook events',
    `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed, processed_at, created_at)
     SELECT 'OrderApproved', 'order', n, json_build_object('event', 'OrderApproved', 'data', json_build_object(
       'order_id', n)), true, o.created_at, o.created_at + interval '95 seconds'
     FROM generate_series(1, ${orders}, ${ORDERS_PER_EVENT}) n JOIN orders o ON o.appmax_order_id = n ORDER BY n`,
  ],
  [
    'webhook events that were set aside',
    `WITH aside AS (
       UPDATE webhook_events SET error_message = 'its order did not appear' WHERE id % ${EVENTS_PER_SET_ASIDE} = 0
       RETURNING id)
     INSERT INTO unapplied_webhook_events (event_id, reason) SELECT id, 'set_aside' FROM aside`,
  ],
  ['statistics before', 'ANALYZE orders; ANALYZE order_status_changes'],
  [
    'facts',
    `INSERT INTO order_facts (${FACTS})
     SELECT ${FACTS} FROM (${factsOf('(SELECT id AS order_id FROM orders) q', '$1')}) f`,
    [[...PAID_STATUSES]],
  ],
  [
    'sums',
    `INSERT INTO daily_statistics (day, installation_id, measure, payment_method, detail, entries, amount)
     ${sumsOf('(SELECT *, 1 AS sign FROM order_facts)')}`,
  ],
  ['sums of shops', `INSERT INTO daily_shop_sums ${shopSumsOf('daily_statistics')}`],
];

/**
 * Fills a database without orders with many: 200 shops, an order each 15 seconds up to now, status changes, webhook
 * events, and the statistics of them. Prints to stderr what each step took.
 */
export async function fillWithOrders(client: Client, orders: number): Promise<void> {
  // No trigger runs: with them each row would be queued for the statistics, and scheduled for a sync.
  await client.query(`SET timezone = 'UTC'; SET session_replication_role = replica; SET synchronous_commit = off;
    SET maintenance_work_mem = '256MB'; SET work_mem = '128MB'`);
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
     WHERE i.indrelid = 'orders'::regclass AND NOT i.indisunique`,
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  for (const [what, sql, values] of STATEMENTS(orders)) {
    const startedAt = performance.now();
    await client.query(sql, values);
    if (what.startsWith('orders')) for (const { definition } of indexes) await client.query(definition);
    console.error(`  ${what}: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  }
  await client.query('SET session_replication_role = origin');
  await client.query('VACUUM ANALYZE');
}
