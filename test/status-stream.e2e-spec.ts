import { randomInt, randomUUID } from 'node:crypto';
import { codeOf } from '../src/common/errors/api-error';
import { createDatabase, type TestDatabase } from './support/database';
import { type EventStreamClient, openStream } from './support/event-stream';
import { eventually } from './support/eventually';
import { metricsOf } from './support/metrics';
import { startService, type TestService } from './support/service';

/** The documented bound is one second. A machine that runs other tests in parallel gets more. */
const BOUND_MILLISECONDS = 3_000;

describe('The stream of an order, on two services with one database', () => {
  let database: TestDatabase;
  let services: TestService[];
  let installationId: string;
  const open: EventStreamClient[] = [];

  beforeAll(async () => {
    database = await createDatabase();
    const environment = { ...database.environment, WEBHOOK_VERIFICATION: 'none' };
    services = await Promise.all([startService(environment), startService(environment)]);
    const [row] = await database.query<{ id: string }>(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', 'app', 'id', 'secret', $1), ('other', 'app', 'id', 'secret', $2) RETURNING id`,
      [randomUUID(), randomUUID()],
    );
    installationId = row!.id;
  });

  afterEach(() => {
    for (const client of open.splice(0)) client.close();
  });

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await database.drop();
  });

  const newOrder = async (): Promise<number> => {
    const orderId = randomInt(1, 2_000_000_000);
    await database.query(
      'INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id) VALUES ($1, 1, $2)',
      [installationId, orderId],
    );
    return orderId;
  };

  const watch = async (orderId: number, headers = {}, instance = 0): Promise<EventStreamClient> => {
    const client = await openStream(
      `${services[instance]!.url}/checkout/shop/status/${orderId}/stream`,
      headers,
    );
    open.push(client);
    return client;
  };

  const deliver = (orderId: number, event: string) =>
    services[1]!.send('POST', '/webhooks/appmax', { body: { event, data: { order_id: orderId } } });

  const statuses = (client: EventStreamClient): string[] => client.events.map(({ status }) => status);

  const shows = (client: EventStreamClient, expected: string[]): Promise<void> =>
    eventually(() => {
      expect(statuses(client)).toEqual(expected);
      return Promise.resolve();
    });

  it('a stream sends the current status, and each change by the other service within a second', async () => {
    const orderId = await newOrder();
    const client = await watch(orderId);
    expect([client.status, client.headers['content-type'], client.headers['cache-control']]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'no-cache, no-transform',
    ]);
    await shows(client, ['pendente']);
    const sent = Date.now();
    await deliver(orderId, 'OrderPaid');
    await shows(client, ['pendente', 'aprovado']);
    expect(client.events[1]!.at - sent).toBeLessThan(BOUND_MILLISECONDS);
    await deliver(orderId, 'OrderRefund');
    await shows(client, ['pendente', 'aprovado', 'estornado']);
  });

  it('a stream sends a status that was written directly to the database', async () => {
    const orderId = await newOrder();
    const client = await watch(orderId, {}, 1);
    await shows(client, ['pendente']);
    await database.query("UPDATE orders SET status = 'autorizado' WHERE appmax_order_id = $1", [orderId]);
    await database.query('UPDATE orders SET total_cents = 5 WHERE appmax_order_id = $1', [orderId]);
    await shows(client, ['pendente', 'autorizado']);
  });

  it('a stream continues after Last-Event-ID on any service, without repeats', async () => {
    const orderId = await newOrder();
    const first = await watch(orderId);
    await shows(first, ['pendente']);
    const { id } = first.events[0]!;
    first.close();
    for (const event of ['OrderAuthorized', 'OrderApproved', 'OrderIntegrated'])
      await deliver(orderId, event);
    await shows(await watch(orderId, { 'last-event-id': id }, 1), ['autorizado', 'aprovado', 'integrado']);
    await shows(await watch(orderId, { 'last-event-id': 'nonsense' }), ['integrado']);
    await shows(await watch(orderId, { 'last-event-id': '999999999999' }), ['integrado']);
    await shows(await watch(orderId), ['integrado']);
  });

  it('a stream misses no status when the listening connection is lost', async () => {
    const orderId = await newOrder();
    const client = await watch(orderId);
    await shows(client, ['pendente']);
    const listening = "application_name = 'appmax-checkout notifications' AND datname = current_database()";
    const before = await database.query(`SELECT pid FROM pg_stat_activity WHERE ${listening}`);
    expect(before.length).toBeLessThanOrEqual(services.length);
    await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${listening}`);
    await deliver(orderId, 'OrderPaid');
    await shows(client, ['pendente', 'aprovado']);
    await deliver(orderId, 'OrderIntegrated');
    await shows(client, ['pendente', 'aprovado', 'integrado']);
  });

  it('any number of streams needs one listening connection', async () => {
    const orders: number[] = [];
    for (let order = 0; order < 5; order += 1) orders.push(await newOrder());
    const clients = await Promise.all(Array.from({ length: 60 }, (_, index) => watch(orders[index % 5]!)));
    for (const client of clients) await shows(client, ['pendente']);
    const rows = await database.query(
      "SELECT 1 FROM pg_stat_activity WHERE application_name = 'appmax-checkout notifications' AND datname = current_database()",
    );
    expect(rows.length).toBeLessThanOrEqual(services.length);
    await Promise.all(orders.map((orderId) => deliver(orderId, 'OrderPaid')));
    for (const client of clients) await shows(client, ['pendente', 'aprovado']);
  });

  it.each([
    ['shop', 'abc', 400, 'invalid order_id'],
    ['shop', '2147483647', 404, 'order not found'],
    ['nobody', '1', 404, 'installation not found'],
  ])('/checkout/%s/status/%s/stream is answered %d', async (key, orderId, status, message) => {
    const answer = await services[0]!.send('GET', `/checkout/${key}/status/${orderId}/stream`);
    expect([answer.status, answer.body]).toEqual([status, { message, code: codeOf(message) }]);
  });

  it("another merchant's order is answered 404", async () => {
    const orderId = await newOrder();
    const answer = await services[0]!.send('GET', `/checkout/other/status/${orderId}/stream`);
    expect([answer.status, answer.body]).toEqual([
      404,
      { message: 'order not found', code: 'order_not_found' },
    ]);
  });

  it('a stream is closed for a client that has disconnected or that sent HEAD', async () => {
    const orderId = await newOrder();
    const streams = async (): Promise<number | undefined> =>
      (await metricsOf(services[0]!)).get('status_streams{state="open"}');
    const heads = await Promise.all(
      [1, 2, 3].map(() => services[0]!.send('HEAD', `/checkout/shop/status/${orderId}/stream`)),
    );
    expect(heads.map(({ status }) => status)).toEqual([200, 200, 200]);
    const client = await watch(orderId);
    await eventually(async () => {
      expect(await streams()).toBe(1);
    });
    client.close();
    await eventually(async () => {
      expect(await streams()).toBe(0);
    });
  });

  it('a stream ends when the service stops, and does not delay the stop', async () => {
    const orderId = await newOrder();
    const service = await startService({ ...database.environment, WEBHOOK_VERIFICATION: 'none' });
    const client = await openStream(`${service.url}/checkout/shop/status/${orderId}/stream`);
    await shows(client, ['pendente']);
    await service.stop();
    await eventually(() => {
      expect(client.ended).toBe(true);
      return Promise.resolve();
    });
  });
});
