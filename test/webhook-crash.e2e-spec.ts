import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type RunningPostgres, startEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres';
import { campaign } from './support/campaign';
import { eventually } from './support/eventually';
import { Deliverer, inParallel } from './support/many';
import { finalStatusOf } from './support/order-oracle';
import { freePort, stopChild } from './support/servers';
import { type ServiceProcess, spawnService } from './support/service';

const ORDERS = campaign(1_000, 100);
const DELIVERIES = campaign(5_000, 500);
/** The numbers of answered deliveries after which the first service and PostgreSQL are killed. */
const KILLS = campaign([500, 1_300, 2_100, 3_300, 4_200], [300]);
const DATABASE_STOP = campaign(2_700, 125);

const EVENTS: readonly [event: string, assertedStatus: string][] = [
  ['OrderPixCreated', 'pendente'],
  ['OrderApproved', 'aprovado'],
  ['OrderPaidByPix', 'aprovado'],
  ['OrderIntegrated', 'integrado'],
  ['OrderRefund', 'estornado'],
];

describe('Crashes of services and of PostgreSQL during deliveries', () => {
  let directory: string;
  let postgres: RunningPostgres;
  let services: ServiceProcess[];
  let deliverer: Deliverer;
  let environments: Record<string, string>[];

  const startPostgres = async (port: number): Promise<RunningPostgres> =>
    startEmbeddedPostgres({
      dataDirectory: join(directory, 'postgres'),
      port,
      username: 'appmax',
      database: 'appmax_checkout',
    });

  beforeAll(async () => {
    deliverer = new Deliverer();
    directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-crash-'));
    postgres = await startPostgres(await freePort());
    const { host, port, username, password } = postgres;
    const environment = {
      DB_HOST: host,
      DB_PORT: String(port),
      DB_USERNAME: username,
      DB_PASSWORD: password,
      RUN_MIGRATIONS: 'true',
      WEBHOOK_VERIFICATION: 'none',
    };
    environments = await Promise.all(
      [0, 1].map(async () => ({ ...environment, APP_PORT: String(await freePort()) })),
    );
    services = await Promise.all(environments.map((each) => spawnService(each)));
  }, 60_000);

  afterAll(async () => {
    await deliverer.close();
    await Promise.all(services.map((service) => service.stop()));
    await postgres.stop();
    rmSync(postgres.dataDirectory, { recursive: true, force: true });
    rmSync(directory, { recursive: true, force: true });
  });

  /** Runs a query on a new connection, because the server is restarted between queries. */
  const query = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> => {
    const { host, port, username: user, password } = postgres;
    const client = new Client({ host, port, user, password, database: 'appmax_checkout' });
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end();
    }
  };

  const killService = async (): Promise<void> => {
    await stopChild(services[0]!.child, 'SIGKILL');
    services[0] = await spawnService(environments[0]!);
  };

  const stopDatabase = async (): Promise<void> => {
    const [pid] = readFileSync(join(postgres.dataDirectory, 'cluster', 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGQUIT');
    await eventually(async () => {
      await expect(query('SELECT 1')).rejects.toThrow();
      await sleep(200);
    });
    await postgres.stop();
    postgres = await startPostgres(postgres.port);
  };

  /** Inserts orders. The second half is inserted only after all events have come. */
  const makeOrders = async (from: number, to: number): Promise<void> => {
    await query(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id)
       SELECT (SELECT min(id) FROM installations), 1, id FROM generate_series($1::int, $2::int) id`,
      [from, to],
    );
  };

  it('every event that was answered 200 is stored and applied, despite the crashes', async () => {
    await query(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', 'app', 'id', 'secret', $1)`,
      [randomUUID()],
    );
    await makeOrders(1, ORDERS / 2);
    const crashes = new Map<number, () => Promise<void>>([
      ...KILLS.map((kill) => [kill, killService] as const),
      [DATABASE_STOP, stopDatabase],
    ]);
    let answered = 0;
    let failed = 0;
    let crash: Promise<void> = Promise.resolve();
    const deliver = async (mark: number): Promise<void> => {
      const [event] = EVENTS[mark % EVENTS.length]!;
      const orderId = 1 + (Math.floor(mark / EVENTS.length) % ORDERS);
      const body = { event, data: { order_id: orderId, mark } };
      // Appmax repeats a delivery after half an hour. Here it is repeated at once, to either service.
      for (let attempt = mark; ; attempt += 1) {
        const answer = await deliverer.deliver(services[attempt % 2]!.url, body);
        if (answer.status === 200) break;
        failed += 1;
        await sleep(100);
      }
      answered += 1;
      const next = crashes.get(answered);
      if (next !== undefined) crash = crash.then(next);
    };
    await inParallel(
      Array.from({ length: DELIVERIES }, (_, mark) => mark),
      48,
      deliver,
    );
    await crash;
    await makeOrders(ORDERS / 2 + 1, ORDERS);
    expect(failed).toBeGreaterThan(0);

    const marks = await query<{ mark: number }>(
      "SELECT DISTINCT (payload -> 'data' ->> 'mark')::int AS mark FROM webhook_events ORDER BY mark",
    );
    expect(marks.map(({ mark }) => mark)).toEqual(Array.from({ length: DELIVERIES }, (_, mark) => mark));

    const expected = finalStatusOf('pendente', new Set(EVENTS.map(([, assertedStatus]) => assertedStatus)));
    await eventually(async () => {
      const [{ waiting } = { waiting: -1 }] = await query<{ waiting: number }>(
        'SELECT count(*)::int AS waiting FROM webhook_events WHERE NOT processed',
      );
      const statuses = await query('SELECT status, count(*)::int AS orders FROM orders GROUP BY status');
      expect({ waiting, statuses }).toEqual({ waiting: 0, statuses: [{ status: expected, orders: ORDERS }] });
      await sleep(200);
    }, 60);
    const [counting] = await query<{ events: number }>(
      'SELECT count(*)::int AS events FROM webhook_events WHERE error_message IS NULL',
    );
    expect(counting!.events).toBe(DELIVERIES);
  }, 400_000);
});
