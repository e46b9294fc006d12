import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { countRoundTrips, type RoundTripCounter } from '../bench/support/round-trips';
import { DueWork } from '../src/database';
import { createDatabase, type TestDatabase } from './support/database';
import { openStream } from './support/event-stream';
import { eventually } from './support/eventually';
import { startService, type TestService } from './support/service';

const ORDERS = 1_000;
const IDLE_SECONDS = 6;

describe('Background work on one database', () => {
  let database: TestDatabase;
  let trips: RoundTripCounter;
  let environment: Record<string, string>;
  let service: TestService | undefined;

  beforeEach(async () => {
    database = await createDatabase();
    trips = await countRoundTrips(Number(database.environment['DB_PORT']));
    environment = { ...database.environment, DB_PORT: String(trips.port) };
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await service?.stop();
    service = undefined;
    trips.stop();
    await database.drop();
  });

  const makeOrders = async (first: number, last: number): Promise<void> => {
    await database.query(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', 'app', 'id', 'secret', $1) ON CONFLICT DO NOTHING`,
      [randomUUID()],
    );
    await database.query(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id)
       SELECT (SELECT min(id) FROM installations), 1, n FROM generate_series($1::int, $2::int) n`,
      [first, last],
    );
  };

  const storeEvents = (event: string, first: number, last: number): Promise<object[]> =>
    database.query(
      `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed)
       SELECT $1::varchar, 'order', n, json_build_object('event', $1::text), false FROM generate_series($2::int, $3::int) n`,
      [event, first, last],
    );

  const countOf = async (condition: string): Promise<number> => {
    const [row] = await database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM webhook_attempts WHERE ${condition}`,
    );
    return row!.count;
  };

  it('an idle instance queries the database at most about once a second', async () => {
    service = await startService(environment);
    await sleep(2_000);
    const before = trips.count();
    await sleep(IDLE_SECONDS * 1_000);
    const queries = trips.count() - before;
    expect(queries).toBeGreaterThan(0);
    expect(queries).toBeLessThanOrEqual(IDLE_SECONDS * 1.5);
  });

  it(`${ORDERS} events that change nothing are settled by fewer queries than a tenth of their number`, async () => {
    await makeOrders(1, ORDERS);
    service = await startService(environment);
    await eventually(async () => {
      const rows = await database.query('SELECT 1 FROM order_refreshes WHERE NOT is_scheduled LIMIT 1');
      expect(rows).toEqual([]);
    });
    const before = trips.count();
    await storeEvents('OrderPixCreated', 1, ORDERS);
    await eventually(async () => {
      expect(await countOf('next_attempt_at IS NOT NULL')).toBe(0);
    });
    expect(trips.count() - before).toBeLessThan(ORDERS / 10);
    const [events] = await database.query(
      'SELECT count(*) FILTER (WHERE processed)::int AS processed FROM webhook_events',
    );
    expect(events).toEqual({ processed: ORDERS });
    await eventually(async () => {
      const [syncs] = await database.query(
        "SELECT count(*)::int AS requested FROM order_refreshes WHERE reason = 'webhook' AND next_at > now()",
      );
      expect(syncs).toEqual({ requested: ORDERS });
    });
  });

  it(`the first three attempts of ${ORDERS} forged events cost fewer queries than a tenth of their number`, async () => {
    await makeOrders(1, 1);
    await database.query(
      `INSERT INTO background_reads (installation_id, day, reads, webhook_reads, free_at)
       SELECT id, now()::date, 300, 300, now() FROM installations`,
    );
    await database.query(
      `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed)
       SELECT 'OrderPaid', 'order', 1000 + n, json_build_object('event', 'OrderPaid', 'external_key',
         CASE WHEN n % 2 = 0 THEN 'shop' ELSE 'nobody' || n END), false FROM generate_series(1, $1::int) n`,
      [ORDERS],
    );
    service = await startService(environment);
    const before = trips.count();
    // Those of the shop are not asked for today: their third attempt does not count, and waits until tomorrow.
    await eventually(async () => {
      expect([
        await countOf(
          "attempts = 2 AND next_attempt_at >= now()::date + interval '1 day' AND lease_token IS NULL",
        ),
        await countOf('attempts = 3 AND lease_token IS NULL'),
      ]).toEqual([ORDERS / 2, ORDERS / 2]);
    }, 20);
    expect(trips.count() - before).toBeLessThan(ORDERS / 10);
    // Refused syncs leave no rows behind, but for the one that learned of the refusal.
    const [{ syncs } = { syncs: -1 }] = await database.query<{ syncs: number }>(
      'SELECT count(*)::int AS syncs FROM order_refreshes WHERE appmax_order_id > 1000',
    );
    expect(syncs).toBeLessThan(20);
  });

  it('an event is processed at once by the instance that stores it, without the poll', async () => {
    await makeOrders(1, 1);
    jest.spyOn(DueWork.prototype, 'add').mockReturnValue(undefined);
    service = await startService(environment);
    await sleep(200);
    const answer = await service.send('POST', '/webhooks/appmax', {
      body: { event: 'OrderPixCreated', data: { order_id: 1 } },
    });
    expect(answer.status).toBe(200);
    await eventually(async () => {
      expect(await database.query('SELECT processed FROM webhook_events')).toEqual([{ processed: true }]);
    });
  });

  it('an event that another program stores is found by the poll', async () => {
    await makeOrders(1, 1);
    service = await startService(environment);
    await sleep(200);
    await storeEvents('OrderPixCreated', 1, 1);
    await eventually(async () => {
      expect(await database.query('SELECT processed FROM webhook_events')).toEqual([{ processed: true }]);
    });
  });

  /** Runs a statement on a connection with the settings of the service, without a program that announces. */
  const runAsService = async (sql: string): Promise<string[]> => {
    const { DB_HOST: host, DB_PORT: port, DB_USERNAME: user, DB_PASSWORD: password } = database.environment;
    const client = new Client({
      host,
      port: Number(port),
      user,
      password,
      database: database.environment['DB_DATABASE'],
      options: '-c appmax_checkout.announces=on -c client_min_messages=notice',
    });
    const messages: string[] = [];
    client.on('notice', ({ message }) => messages.push(message ?? ''));
    await client.connect();
    await client.query(sql);
    await client.end();
    return messages;
  };

  it('a change that the service makes is announced after its commit, once to each listener', async () => {
    await makeOrders(1, 1);
    const { DB_HOST: host, DB_PORT: port, DB_USERNAME: user, DB_PASSWORD: password } = database.environment;
    const listener = new Client({
      host,
      port: Number(port),
      user,
      password,
      database: database.environment['DB_DATABASE'],
    });
    const heard: string[] = [];
    listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
    await listener.connect();
    await listener.query('LISTEN public_order_status');

    // Without a program that announces, such a connection announces nothing by itself.
    expect(await runAsService("UPDATE orders SET status = 'autorizado'")).toEqual(['order_status_change 2']);
    await database.query("UPDATE orders SET status = 'pendente'");
    await eventually(() => {
      expect(heard).toEqual(['1 3 pendente']);
      return Promise.resolve();
    });

    service = await startService({ ...environment, WEBHOOK_VERIFICATION: 'none' });
    await sleep(3_000);
    await service.send('POST', '/webhooks/appmax', { body: { event: 'OrderPaid', data: { order_id: 1 } } });
    await eventually(() => {
      expect(heard).toEqual(['1 3 pendente', '1 4 aprovado']);
      return Promise.resolve();
    });
    await listener.end();
  });

  it('a stream sends a change that was not announced, as after a crash', async () => {
    await makeOrders(1, 1);
    service = await startService(environment);
    const client = await openStream(`${service.url}/checkout/shop/status/1/stream`);
    const shows = (expected: string[]): Promise<void> =>
      eventually(() => {
        expect(client.events.map(({ status }) => status)).toEqual(expected);
        return Promise.resolve();
      });
    await shows(['pendente']);
    await sleep(1_500);
    await runAsService("UPDATE orders SET status = 'autorizado'");
    await shows(['pendente', 'autorizado']);
    client.close();
  });
});
