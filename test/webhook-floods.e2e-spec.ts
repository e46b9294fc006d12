import { randomUUID } from 'node:crypto';
import type { SimulatorControl } from '../simulator/control-client';
import { campaign } from './support/campaign';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { freePort } from './support/servers';
import { spawnService, startService } from './support/service';
import { CPF, CUSTOMER, ORDER } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

const PATH = '/webhooks/appmax';
const FORGED = campaign(20_000, 1_500);

describe('A flood of webhooks', () => {
  let system: TestSystem;
  let control: SimulatorControl;

  beforeAll(async () => {
    system = await startSystem();
    ({ control } = system);
  });

  afterAll(async () => {
    await system.stop();
  });

  const sellByPix = async (): Promise<number> => {
    const answer = await system.services[0].send('POST', `/checkout/${system.key}/pay/pix`, {
      body: { customer: CUSTOMER, order: ORDER, document_number: CPF },
    });
    return answer.body['order_id'] as number;
  };

  it(`${FORGED} events of unknown orders delay no true one, and the queue drains`, async () => {
    const orderId = await sellByPix();
    await control.act(orderId, 'pay');
    await system.database.query(
      `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed)
       SELECT 'OrderPaid', 'order', 1000000000 + n, json_build_object('event', 'OrderPaid', 'external_key', $1::text), false
       FROM generate_series(1, ${FORGED}) AS n`,
      [system.key],
    );
    const body = { event: 'OrderPaidByPix', data: { order_id: orderId } };
    expect((await system.services[1].send('POST', PATH, { body })).status).toBe(200);
    await eventually(async () => {
      expect(await system.database.query('SELECT status FROM orders')).toEqual([{ status: 'aprovado' }]);
    }, 10);
    await eventually(async () => {
      const [waiting] = await system.database.query<{ new: number; reported: number }>(
        `SELECT count(*) FILTER (WHERE attempts = 0)::int AS new, count(last_error)::int AS reported
         FROM webhook_attempts WHERE NOT is_order_known`,
      );
      expect(waiting).toEqual({ new: 0, reported: FORGED });
    }, 10);
  });

  it('an event whose order appears is processed with the new ones', async () => {
    const orderId = await sellByPix();
    await control.act(orderId, 'pay');
    const [order] = await system.database.query<{ row: object }>(
      'SELECT to_json(o) AS row FROM orders o WHERE appmax_order_id = $1',
      [orderId],
    );
    await system.database.query('DELETE FROM operations');
    await system.database.query('DELETE FROM orders WHERE appmax_order_id = $1', [orderId]);
    await system.services[0].send('POST', PATH, {
      body: { event: 'OrderPaid', data: { order_id: orderId } },
    });
    await eventually(async () => {
      expect(
        await system.database.query(
          'SELECT is_order_known, last_error FROM webhook_attempts WHERE appmax_order_id = $1',
          [orderId],
        ),
      ).toEqual([{ is_order_known: false, last_error: 'its order did not appear' }]);
    });
    await system.database.query(
      'INSERT INTO orders SELECT (json_populate_record(NULL::orders, $1::json)).*',
      [JSON.stringify(order!.row)],
    );
    await eventually(async () => {
      expect(
        await system.database.query('SELECT status FROM orders WHERE appmax_order_id = $1', [orderId]),
      ).toEqual([{ status: 'aprovado' }]);
    });
  });

  it('a webhook may have 64 KiB, and bodies of other routes more', async () => {
    const [service] = system.services;
    const filled = (bytes: number): object => {
      const body = { event: 'CustomerCreated', x: '' };
      return { ...body, x: 'x'.repeat(bytes - JSON.stringify(body).length) };
    };
    const answers = await Promise.all(
      [64 * 1024, 64 * 1024 + 1].map((bytes) => service.send('POST', PATH, { body: filled(bytes) })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 413]);
    expect(answers[1]!.body['message']).toContain('64 KiB');
    const order = { customer: CUSTOMER, order: ORDER, x: 'x'.repeat(100 * 1024) };
    expect((await service.send('POST', `/checkout/${system.key}/order`, { body: order })).status).toBe(200);
  });

  it('the bytes that are stored in a minute are limited, with a part for orders in the database', async () => {
    const orderId = await sellByPix();
    const service = await startService({
      ...system.environment,
      APP_PORT: String(await freePort()),
      BACKGROUND_WORK: 'off',
      WEBHOOK_BYTES_PER_MINUTE: String(256 * 1024),
    });
    const send = (id: number) =>
      service.send('POST', PATH, {
        body: { event: `Event${randomUUID()}`, data: { order_id: id }, x: 'x'.repeat(60_000) },
      });
    try {
      const forged = [];
      for (let index = 0; index < 4; index += 1) forged.push(await send(2_000_000_000 + index));
      expect(forged.map(({ status }) => status)).toEqual([200, 200, 503, 503]);
      expect(Number(forged[3]!.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await send(orderId)).status).toBe(200);
      expect((await send(orderId)).status).toBe(200);
      expect((await send(orderId)).status).toBe(503);
    } finally {
      await service.stop();
    }
  });
});

describe('In production', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });

  afterAll(() => database.drop());

  it.each([
    ['without WEBHOOK_TOKEN logs a warning', {}, true],
    ['with WEBHOOK_TOKEN logs none', { WEBHOOK_TOKEN: 'wt_0123456789abcdef' }, false],
  ])('a start %s', async (_, variables, warns) => {
    const service = await spawnService({
      ...database.environment,
      APP_ENV: 'production',
      APP_URL: 'https://pay.example.com',
      LOG_LEVEL: 'warn',
      // The last warning before the one that is tested needs it.
      RATE_LIMIT: 'on',
      ...variables,
    });
    await eventually(() => {
      expect(service.output()).toContain('TRUST_PROXY is not set');
      return Promise.resolve();
    });
    await service.stop();
    expect(service.output().includes('WEBHOOK_TOKEN is not set')).toBe(warns);
  });
});
