import { randomUUID } from 'node:crypto';
import { SimulatorControl } from '../simulator/control-client';
import { runCommand as run } from './support/command';
import { createDatabase, type TestDatabase } from './support/database';
import { inParallel } from './support/many';
import { startService } from './support/service';
import { CPF, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator } from './support/simulator';

describe('webhooks:replay', () => {
  let database: TestDatabase;
  let environment: Record<string, string>;

  beforeAll(async () => {
    database = await createDatabase();
    environment = { ...database.environment, WEBHOOK_VERIFICATION: 'none' };
    await database.query(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', 'app', 'id', 'secret', $1)`,
      [randomUUID()],
    );
    // Events that were set aside because their orders had not been created yet.
    await database.query(
      `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed, processed_at, error_message, created_at)
       SELECT 'OrderPaid', '', id, '{}', true, now(), 'its order did not appear within 72 hours', now() - interval '4 days'
       FROM generate_series(1, 60) id`,
    );
    await database.query(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id)
       SELECT (SELECT min(id) FROM installations), 1, id FROM generate_series(1, 50) id`,
    );
  });

  afterAll(() => database.drop());

  const paid = async (): Promise<number> =>
    (
      await database.query<{ count: number }>(
        "SELECT count(*)::int AS count FROM orders WHERE status = 'aprovado'",
      )
    )[0]!.count;

  it.each([
    [[], '--since is required'],
    [['--since', 'yesterday'], '--since: yesterday is no time'],
    [['--since', '1d', '--colour', 'red'], "Unknown option '--colour'"],
  ])('the command answers %j with the error and its usage', async (args, message) => {
    const { code, output } = await run('replay-webhooks', args, environment);
    expect(code).toBe(2);
    expect(output).toContain(message);
    expect(output).toContain('npm run webhooks:replay -- --since <when>');
  });

  it('the command replays only the events that its options select', async () => {
    expect(await run('replay-webhooks', ['--since', '3d'], environment)).toEqual({
      code: 0,
      output: '0 of 0 events\nnothing to do\n',
    });
    const { output } = await run('replay-webhooks', ['--since', '5d', '--order', '7'], environment);
    expect(output).toBe('1 of 1 events\n1 applied\n');
    expect(await paid()).toBe(1);
  });

  it('the command replays the rest, counts the outcomes, and applies no event twice', async () => {
    const { code, output } = await run(
      'replay-webhooks',
      ['--since', '5d', '--event', 'OrderPaid'],
      environment,
    );
    expect([code, output]).toEqual([0, '60 of 60 events\n50 applied, 10 waiting\n']);
    expect(await paid()).toBe(50);
    const again = await run('replay-webhooks', ['--since', '5d', '--after', '30'], environment);
    expect([again.code, again.output]).toEqual([0, '30 of 30 events\n20 applied, 10 waiting\n']);
    expect(await paid()).toBe(50);
  });

  it('the command fails with a clear message without a database', async () => {
    const { code, output } = await run('replay-webhooks', ['--since', '1d'], { DB_CONNECTION: 'mysql' });
    expect(code).toBe(1);
    expect(output).toContain('DB_CONNECTION must be one of');
  });
});

describe('orders:reconcile', () => {
  it('the command reads orders from Appmax, and continues after a given order', async () => {
    const [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    const control = new SimulatorControl(simulator.url);
    const environment = {
      ...database.environment,
      ...simulator.environment,
      APPMAX_ORDER_READ_INTERVAL: '3600',
    };
    const seller = await startService({ ...environment, BACKGROUND_WORK: 'off', RATE_LIMIT: 'off' });
    try {
      await control.addWebhookRule({ action: 'drop' });
      await control.change({ rate_limits: false });
      await install(seller, simulator, 'shop');
      const orderIds = await inParallel(Array.from({ length: 16 }), 4, async () => {
        const answer = await seller.send('POST', '/checkout/shop/pay/pix', {
          body: { customer: CUSTOMER, order: ORDER, document_number: CPF },
        });
        return answer.body['order_id'] as number;
      });
      await Promise.all(orderIds.map((orderId) => control.act(orderId, 'pay')));
      await control.addFault({ kind: 'status', status: 404, route: 'GET /v1/orders/:id', skip: 6, times: 1 });

      const wrong = await run('reconcile-orders', ['--status', 'paid'], environment);
      expect([wrong.code, wrong.output]).toEqual([2, expect.stringContaining('--status: paid is none')]);

      const after = String(orderIds.sort((left, right) => left - right)[3]);
      const first = await run('reconcile-orders', ['--after', after], environment);
      expect(first.code).toBe(1);
      const failed = /^order (\d+): Appmax does not know the order$/m.exec(first.output)?.[1];
      expect(orderIds.slice(4).map(String)).toContain(failed);
      expect(first.output.replace(failed!, 'ID')).toBe(
        '12 of 12 orders\n11 asked for, 1 failed\norder ID: Appmax does not know the order\n1 of the orders failed\n',
      );
      const rest = await run('reconcile-orders', ['--status', 'pendente'], environment);
      expect([rest.code, rest.output]).toEqual([0, '5 of 5 orders\n4 asked for, 1 asked moments ago\n']);
      await database.query('UPDATE order_refreshes SET quiet_until = now()');
      const without = { ...environment, APPMAX_BACKGROUND_READS: '0' };
      const json = await run('reconcile-orders', ['--status', 'aprovado', '--json'], without);
      expect([json.code, JSON.parse(json.output)]).toEqual([
        0,
        { ok: true, outcomes: { 'out of reads': 15 }, failures: [] },
      ]);
      const statuses = await database.query(
        'SELECT status, count(*)::int AS orders FROM orders GROUP BY status ORDER BY status',
      );
      expect(statuses).toEqual([
        { status: 'aprovado', orders: 15 },
        { status: 'pendente', orders: 1 },
      ]);
    } finally {
      await seller.stop();
      await Promise.all([simulator.stop(), database.drop()]);
    }
  }, 240_000);

  it('a command that is interrupted finishes its batch and prints how to continue', async () => {
    const database = await createDatabase();
    try {
      await database.query(
        `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
         VALUES ('shop', 'app', 'id', 'secret', $1)`,
        [randomUUID()],
      );
      await database.query(
        `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed)
         SELECT 'OrderPaid', '', id, '{}', true FROM generate_series(1, 20000) id`,
      );
      const environment = { ...database.environment, WEBHOOK_VERIFICATION: 'none' };
      let isInterrupted = false;
      const { code, output } = await run(
        'replay-webhooks',
        ['--since', '1d'],
        environment,
        (text, interrupt) => {
          if (isInterrupted || !text.includes(' of 20000 events')) return;
          isInterrupted = true;
          interrupt();
        },
      );
      expect(code).toBe(130);
      const last = Number(/--after (\d+)$/m.exec(output)?.[1]);
      expect(last).toBeGreaterThan(0);
      expect(last).toBeLessThan(20_000);
    } finally {
      await database.drop();
    }
  }, 240_000);
});
