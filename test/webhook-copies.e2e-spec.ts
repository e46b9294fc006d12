import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { parseConfig } from '../src/config/config';
import { dataSourceOptions } from '../src/database/data-source-options';
import { campaign } from './support/campaign';
import { createDatabase, type TestDatabase } from './support/database';
import { counted, Deliverer, inParallel } from './support/many';
import { baseEnvironment, startService, type TestService } from './support/service';

const ORDERS = campaign(500, 20);
const COPIES = 20;

describe.each(['none', 'appmax'])('Many copies of many webhooks at once, with verification %s', (mode) => {
  let database: TestDatabase;
  let services: TestService[];
  let deliverer: Deliverer;

  beforeAll(async () => {
    deliverer = new Deliverer();
    database = await createDatabase();
    const environment = { ...database.environment, WEBHOOK_VERIFICATION: mode };
    services = await Promise.all([startService(environment), startService(environment)]);
    const [shop] = await database.query<{ id: string }>(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', 'app', 'id', 'secret', $1) RETURNING id`,
      [randomUUID()],
    );
    await database.query(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id)
       SELECT $1, 1, id FROM generate_series(1, ${ORDERS}) id`,
      [shop!.id],
    );
  });

  afterAll(async () => {
    await deliverer.close();
    await Promise.all(services.map((service) => service.stop()));
    await database.drop();
  });

  it('many copies of a webhook are all stored and answered 200, and applied once per order', async () => {
    // The copies for an order are delivered one after the other, to both instances alternately.
    const deliveries = Array.from({ length: ORDERS * COPIES }, (_, index) => ({
      orderId: 1 + Math.floor(index / COPIES),
      url: services[index % 2]!.url,
    }));
    const answers = await inParallel(deliveries, 80, ({ orderId, url }) =>
      deliverer.deliver(url, { event: 'OrderPaid', data: { order_id: orderId } }),
    );
    expect(counted(answers.map(({ status, message }) => `${status} ${message}`))).toEqual({
      '200 ok': ORDERS,
      '200 already processed': ORDERS * (COPIES - 1),
    });
    const [rows] = await database.query(
      `SELECT count(*)::int AS stored, count(*) FILTER (WHERE error_message IS NULL)::int AS counting,
         count(DISTINCT appmax_order_id) FILTER (WHERE error_message IS NULL)::int AS orders,
         count(*) FILTER (WHERE error_message = 'repeats webhook event ' || first)::int AS repeats
       FROM (SELECT *, min(id) FILTER (WHERE error_message IS NULL) OVER (PARTITION BY appmax_order_id) AS first
             FROM webhook_events) e`,
    );
    expect(rows).toEqual({
      stored: ORDERS * COPIES,
      counting: ORDERS,
      orders: ORDERS,
      repeats: ORDERS * (COPIES - 1),
    });
    const [paid] = await database.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM orders WHERE status = 'aprovado'",
    );
    expect(paid!.count).toBe(mode === 'none' ? ORDERS : 0);
  }, 600_000);
});

describe('The unique index of webhook events', () => {
  it('the unique index alone allows one of many copies', async () => {
    const database = await createDatabase();
    const config = parseConfig({ ...baseEnvironment(), ...database.environment });
    const dataSource = await new DataSource(dataSourceOptions(config.database)).initialize();
    try {
      const copies = Array.from({ length: ORDERS * COPIES }, (_, index) => 1 + Math.floor(index / COPIES));
      const outcomes = await inParallel(copies, 24, (orderId) =>
        dataSource
          .query(
            "INSERT INTO webhook_events (event, event_type, appmax_order_id, payload) VALUES ('OrderPaid', '', $1, '{}')",
            [orderId],
          )
          .then(
            () => 'stored',
            (error: unknown) => describeError(error as { code?: string; constraint?: string }),
          ),
      );
      expect(counted(outcomes)).toEqual({
        stored: ORDERS,
        '23505 webhook_events_one_per_event_and_order': ORDERS * (COPIES - 1),
      });
    } finally {
      await dataSource.destroy();
      await database.drop();
    }
  }, 600_000);
});

function describeError({ code, constraint }: { code?: string; constraint?: string }): string {
  return `${code ?? ''} ${constraint ?? ''}`;
}
