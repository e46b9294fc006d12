import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { Config, DatabaseConfig } from '../src/config';
import { Notifications } from '../src/database';
import { dataSourceOptions } from '../src/database/data-source-options';
import { migrate } from '../src/database/migrate';
import { withNotices } from '../src/database/pool/notices';
import { startEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres';
import { StatusAnnouncements } from '../src/orders/stream/status-announcements';
import { median } from './support/result';

const CONNECTIONS = 32;
const ROUNDS = 3;
const ROUND_SECONDS = 4;
const ORDERS_PER_CONNECTION = 2_000;

/** The kinds of connections that change statuses. */
const KINDS = {
  'without any announcement': { notices: true, announces: false },
  'NOTIFY in each transaction': { notices: false, announces: false },
  'announced after the commit': { notices: true, announces: true },
} as const;

/** Measures the status changes per second of one database, by the way in which they are announced. */
export async function benchAnnouncements(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-bench-'));
  const postgres = await startEmbeddedPostgres({
    dataDirectory: join(directory, 'postgres'),
    username: 'appmax',
    database: 'appmax_checkout',
  });
  const { host, port, username, password, dataDirectory } = postgres;
  const config: DatabaseConfig = {
    connection: 'postgres',
    host,
    port,
    others: [],
    direct: undefined,
    database: 'appmax_checkout',
    username,
    password,
    sslMode: 'disable',
    schema: 'public',
    dataDirectory,
    maxOpenConnections: CONNECTIONS,
    maxIdleConnections: CONNECTIONS,
    connectionLifetimeSeconds: 3_600,
    queryTimeoutSeconds: 15,
    runMigrations: true,
  };
  try {
    await migrate(dataSourceOptions(config));
    const listener = new Client({ host, port, user: username, password, database: config.database });
    let announced = 0;
    listener.on('notification', () => (announced += 1));
    await listener.connect();
    await listener.query('LISTEN public_order_status');
    await makeOrders(listener);
    const rates = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, kind] of Object.entries(KINDS)) {
        announced = 0;
        const { changes, seconds } = await measure(config, kind);
        await listener.query('SELECT 1');
        // A change may be announced twice, because those of one order are announced in their sequence.
        const isRight = name === 'without any announcement' ? announced === 0 : announced >= changes;
        if (!isRight) throw new Error(`${name}: ${changes} changes, ${announced} announcements`);
        rates.set(name, [...(rates.get(name) ?? []), changes / seconds]);
      }
    }
    await listener.end();
    console.log(`Status changes a second, ${CONNECTIONS} connections, median of ${ROUNDS}:`);
    for (const [name, all] of rates)
      console.log(`${Math.round(median(all)).toLocaleString('en').padStart(8)} ${name}`);
  } finally {
    await postgres.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
    rmSync(directory, { recursive: true, force: true });
  }
}

async function makeOrders(client: Client): Promise<void> {
  await client.query(
    `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
     VALUES ('bench', 'app', 'id', 'secret', $1)`,
    [randomUUID()],
  );
  await client.query(
    `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id)
     SELECT (SELECT min(id) FROM installations), 1, n FROM generate_series(1, ${CONNECTIONS * ORDERS_PER_CONNECTION}) n`,
  );
}

/** Changes statuses for some seconds. Each connection has its own orders, so that no row is waited for. */
async function measure(
  config: DatabaseConfig,
  { notices, announces }: { readonly notices: boolean; readonly announces: boolean },
): Promise<{ changes: number; seconds: number }> {
  const options = dataSourceOptions(config);
  const dataSource = await new DataSource(notices ? withNotices(options, true) : options).initialize();
  const announcements = announces
    ? new StatusAnnouncements(dataSource, new Notifications({ database: config } as Config, dataSource))
    : undefined;
  let changes = 0;
  const worker = async (first: number): Promise<void> => {
    for (let next = 0; performance.now() - startedAt < ROUND_SECONDS * 1_000; next += 1) {
      await dataSource.query(
        "UPDATE orders SET status = CASE status WHEN 'pendente' THEN 'aprovado' ELSE 'pendente' END WHERE appmax_order_id = $1",
        [first + (next % ORDERS_PER_CONNECTION)],
      );
      changes += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, () => dataSource.query('SELECT pg_sleep(0.05)')));
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, index) => worker(1 + index * ORDERS_PER_CONNECTION)),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  await announcements?.onApplicationShutdown();
  await dataSource.destroy();
  return { changes, seconds };
}
