import { Client } from 'pg';
import { type GeneratedLoad, sendLoad } from './support/load';
import { startServer, stopProgram } from './support/programs';
import { type Benchmark, type BenchResult, compare, type Round } from './support/result';
import { type BenchDatabase, startSystem } from './support/system';

const CONNECTIONS = 64;
const ROUND_SECONDS = { full: 5, quick: 0.3 };
const WARM_UP_SECONDS = { full: 3, quick: 0.5 };
/** More than a round delivers, and the most that the setting accepts. */
const BYTES_PER_MINUTE = 10_000_000_000;
/** More orders than a round has deliveries. */
const KNOWN_ORDERS = 300_000;
/** The first id of orders that are not saved. */
const UNKNOWN_FROM = 1_000_000_000;
/** The number of orders whose events are delivered again and again. */
const REPEATED_ORDERS = 100;

/** A body in the newer one of Appmax's content models, of average size. */
const BODY = JSON.stringify({
  event: 'OrderPaid',
  event_type: 'order',
  data: {
    order_id: '{n}',
    customer_id: 501,
    total_products: 149.9,
    total: 164.9,
    status: 'aprovado',
    payment_type: 'CreditCard',
    customer: { id: 501, firstname: 'Marina', lastname: 'Souza', email: 'marina.souza@example.com' },
  },
}).replace('"{n}"', '{n}');

/** The deliveries of one line of the table. */
interface Kind {
  readonly name: string;
  readonly from: number;
  /** The number of different events; without it each delivery is another event. */
  readonly span?: number;
}

const KINDS: readonly Kind[] = [
  { name: 'webhooks, first deliveries', from: 1 },
  { name: 'webhooks, repeats', from: 1, span: REPEATED_ORDERS },
  { name: 'webhooks of unknown orders', from: UNKNOWN_FROM },
];

/**
 * Measures the durable receipt of webhooks beside the least Nest application that stores them on the same PostgreSQL.
 * Both flush each group to disk. Nothing else works: waiting events are processed by other instances.
 */
export const benchWebhooks: Benchmark = async ({ quick }) => {
  const length = quick ? 'quick' : 'full';
  const system = await startSystem({
    countsRoundTrips: false,
    variables: { BACKGROUND_WORK: 'off', WEBHOOK_BYTES_PER_MINUTE: String(BYTES_PER_MINUTE) },
  });
  try {
    const { database } = system;
    await insertOrders(database);
    const floor = await startServer('bench/floors/webhooks.js', {
      PGHOST: database.host,
      PGPORT: String(database.port),
      PGUSER: database.user,
      PGPASSWORD: database.password,
      PGDATABASE: database.database,
    });
    const deliver = async (
      origin: string,
      kind: Kind,
      seconds = ROUND_SECONDS[length],
    ): Promise<GeneratedLoad> =>
      sendLoad({
        origin,
        path: '/webhooks/appmax',
        body: BODY,
        numbers: { from: kind.from, ...(kind.span === undefined ? {} : { span: kind.span }) },
        connections: CONNECTIONS,
        seconds,
      });
    const results: BenchResult[] = [];
    // Ids that no round has used yet. The events of repeats are stored by the warm-up.
    const warmUp = { name: 'warm-up', from: 1, span: REPEATED_ORDERS };
    for (const origin of [floor.origin, system.url]) await deliver(origin, warmUp, WARM_UP_SECONDS[length]);
    for (const kind of KINDS) {
      let from = kind.from + (kind.span === undefined ? REPEATED_ORDERS : 0);
      results.push(
        await compare({
          name: kind.name,
          unit: '/s',
          floor: async () => toRound(await deliver(floor.origin, kind)),
          service: async () => {
            const load = await deliver(system.url, kind.span === undefined ? { ...kind, from } : kind);
            from = load.nextNumber;
            return toRound(load);
          },
        }),
      );
    }
    await stopProgram(floor.child);
    return results;
  } finally {
    await system.stop();
  }
};

function toRound({ perSecond, durations }: GeneratedLoad): Round {
  return { figure: perSecond, durations: [...durations] };
}

/** Inserts orders without their triggers, which would take longer than the benchmark. */
async function insertOrders(database: BenchDatabase): Promise<void> {
  const client = new Client(database);
  await client.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, created_at, updated_at)
       SELECT (SELECT min(id) FROM installations), 1, id, now(), now() FROM generate_series(1, ${KNOWN_ORDERS}) id`,
    );
    await client.query('VACUUM (ANALYZE) orders');
  } finally {
    await client.end();
  }
}
