import { Client } from 'pg';
import { percentile, timed } from './support/durations';
import { fillWithOrders } from './support/many-orders';
import { type BenchOptions, type BenchResult, compare, type Round } from './support/result';
import { startSystem } from './support/system';

const SIZES = {
  quick: { orders: 20_000, calls: 5, rounds: 1 },
  full: { orders: 2_000_000, calls: 30, rounds: 5 },
};
const KEY = 'sk_bench_operators_0123456789';

/** Status changes of a round, and those of one statement. */
const CHANGES = 5_000;
const SET = 500;

/** The time that no answer may take. */
const LIMIT_MILLISECONDS = 300;

const DAY_MILLISECONDS = 86_400_000;
const daysAgo = (days: number): string =>
  new Date(Date.now() - days * DAY_MILLISECONDS).toISOString().slice(0, 10);

/** The requests of operators, each with the number of one order of the middle. Some searches match nothing. */
const requests = (order: number): Readonly<Record<string, string>> => ({
  'orders, newest': '/admin/orders',
  'orders of a status': '/admin/orders?status=estornado',
  'orders of a status that none has': '/admin/orders?status=chargeback_em_tratativa',
  'orders of a method': '/admin/orders?payment_method=boleto',
  'orders of the largest shop': '/admin/orders?external_key=shop-1',
  'orders of a shop, status and method':
    '/admin/orders?external_key=shop-77&status=estornado&payment_method=pix',
  'orders of a shop, status and method, none': `/admin/orders?external_key=shop-1&status=autorizado&payment_method=boleto`,
  'orders of an amount': '/admin/orders?min_total_cents=50000&max_total_cents=50000',
  'orders of an amount that none has': '/admin/orders?min_total_cents=200000',
  'orders of a status, method and amount, none':
    '/admin/orders?status=aprovado&payment_method=pix&min_total_cents=200000',
  'orders of a shop and amount, none': '/admin/orders?external_key=shop-1&min_total_cents=200000',
  'orders of a day': `/admin/orders?from=${daysAgo(40)}&to=${daysAgo(39)}`,
  'old orders of a shop, status and method': `/admin/orders?to=${daysAgo(200)}&status=estornado&payment_method=boleto&external_key=shop-9`,
  'search by order id': `/admin/orders?order_id=${String(order)}`,
  'search by reference, none': '/admin/orders?reference=none',
  'order, detail': `/admin/orders/${String(order)}`,
  'order, timeline': `/admin/orders/${String(order)}/timeline`,
  overview: '/admin/overview',
  'statistics of 30 days': '/admin/stats',
  'statistics of 30 days of a shop': '/admin/stats?key=shop-77',
  'statistics of a year': `/admin/stats?from=${daysAgo(364)}&to=${daysAgo(0)}`,
  shops: '/admin/shops?limit=50',
  installations: '/admin/installations?limit=200',
  'webhook events, newest': '/admin/webhook-events',
  'webhook events with problems': '/admin/webhook-events?problems=true',
  'webhook events of an order': `/admin/webhook-events?order_id=${String(order)}`,
  'operations of a shop': '/admin/operations?external_key=shop-5',
  'audit log': '/admin/audit',
});

/**
 * Measures the answers of the operators' routes with 2 million orders in the database, one request at a time. There is
 * no floor: the limit is 300 ms, and a line that exceeds it says so.
 */
export async function benchOperators({ quick }: BenchOptions): Promise<BenchResult[]> {
  const { orders, calls, rounds } = quick ? SIZES.quick : SIZES.full;
  const system = await startSystem({
    countsRoundTrips: false,
    variables: { API_SECRET_KEYS: KEY, BACKGROUND_WORK: 'false' },
  });
  const client = new Client(system.database);
  try {
    await client.connect();
    await fillWithOrders(client, orders);
    const results: BenchResult[] = [];
    for (const [name, path] of Object.entries(requests(Math.floor(orders / 8) * 4 + 1))) {
      await ask(system.url, path);
      const durations = await timed(calls, 1, () => ask(system.url, path));
      const [p50, p99] = [percentile(durations, 0.5), percentile(durations, 0.99)];
      results.push({
        name: `operators: ${name}`,
        unit: 'ms',
        service: p50,
        p50,
        p99,
        ...(p99 > LIMIT_MILLISECONDS ? { note: `slower than ${LIMIT_MILLISECONDS} ms` } : {}),
      });
    }
    results.push(await statusChanges(client, rounds));
    return results;
  } finally {
    await client.end();
    await system.stop();
  }
}

/** Measures status changes in PostgreSQL, by sets; the floor has no trigger that queues them for the statistics. */
async function statusChanges(client: Client, rounds: number): Promise<BenchResult> {
  await client.query('RESET synchronous_commit');
  let next = 1;
  const change = async (counts: boolean): Promise<Round> => {
    await client.query(
      `ALTER TABLE orders ${counts ? 'ENABLE' : 'DISABLE'} TRIGGER orders_queue_statistics_updated`,
    );
    const startedAt = performance.now();
    for (const end = next + CHANGES; next < end; next += SET)
      await client.query(
        `UPDATE orders SET status = CASE status WHEN 'aprovado' THEN 'integrado' ELSE 'aprovado' END
         WHERE appmax_order_id >= $1 AND appmax_order_id < $2`,
        [next, next + SET],
      );
    return { figure: (CHANGES / (performance.now() - startedAt)) * 1_000 };
  };
  // Not counted: the first statements of a connection read what the later ones find in memory.
  await change(true);
  return compare({
    name: 'operators: status changes in PostgreSQL',
    unit: '/s',
    rounds,
    service: () => change(true),
    floor: () => change(false),
    note: 'the floor is without the triggers of the statistics',
  });
}

async function ask(url: string, path: string): Promise<void> {
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${KEY}` } });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text}`);
}
