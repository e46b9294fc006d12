import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SimulatorControl } from '../simulator/control-client';
import { Sealer } from '../src/common/secrets/sealer';
import { openCredentials } from '../src/installations/credentials/credential-seals';
import { createGoSchema, fillGoDatabase, type MissedPayment } from './fixtures/go-database';
import { catalogueOf } from './support/catalogue';
import { runCommand } from './support/command';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { send } from './support/http';
import { baseEnvironment, exitCodeOf, launchService, SECRET_KEY, startService } from './support/service';
import { cardPayment, CUSTOMER, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

const PROJECT = join(__dirname, '..');
const TAKE_OVER_FIRST = 'Take it over first: npm run database:takeover';

const takeOver = ({ environment }: TestDatabase, ...args: string[]) =>
  runCommand('take-over-database', args, { ...environment, UNSEALED_CREDENTIALS: 'refuse' });

/** Makes an order at Appmax that is paid by Pix, and of which no webhook arrives. */
async function missPayment(simulator: TestSimulator): Promise<MissedPayment> {
  const control = new SimulatorControl(simulator.url);
  await control.change({ webhooks: false, rate_limits: false });
  const { client_id: clientId, client_secret: clientSecret } = await control.createMerchant({
    external_key: 'shop',
  });
  const response = await fetch(`${simulator.url}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  const post = async (path: string, body: object): Promise<Record<string, { id: number }>> => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await send('POST', `${simulator.url}${path}`, { body, headers });
    expect([path, answer.status, answer.text]).toEqual([
      path,
      expect.any(Number),
      expect.stringContaining('"data"'),
    ]);
    return answer.body['data'] as Record<string, { id: number }>;
  };
  const { customer } = await post('/v1/customers', { ...CUSTOMER, ip: '200.160.2.3' });
  const { order } = await post('/v1/orders', {
    customer_id: customer!.id,
    products: [{ sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: 1001 }],
    discount_value: 0,
    shipping_value: 0,
  });
  const orderId = order!.id;
  await post('/v1/payments/pix', {
    order_id: orderId,
    payment_data: { pix: { document_number: CUSTOMER.document_number } },
  });
  await control.act(orderId, 'pay');
  return { orderId, clientId, clientSecret };
}

describe('The takeover of the database of the Go example', () => {
  let simulator: TestSimulator;
  let database: TestDatabase;
  let missed: MissedPayment;

  beforeAll(async () => {
    [simulator, database] = await Promise.all([startSimulator(), createDatabase({ migrated: false })]);
    missed = await missPayment(simulator);
    await createGoSchema(database);
    await fillGoDatabase(database, missed);
  });

  afterAll(async () => {
    await Promise.all([simulator.stop(), database.drop()]);
  });

  /** All rows of the three tables, as text. */
  const rows = (): Promise<Record<string, string>[]> =>
    database.query(
      ['installations', 'orders', 'webhook_events', 'goravel']
        .map((table) =>
          table === 'goravel'
            ? `SELECT 'migration', m.id, row_to_json(m)::text AS row FROM (SELECT * FROM migrations) m`
            : `SELECT '${table}' AS table, t.id, row_to_json(t)::text AS row FROM ${table} t`,
        )
        .join(' UNION ALL ') + ' ORDER BY 1, 2',
    );

  it('the database is taken over in one transaction, with nothing lost, and the service runs on it', async () => {
    const before = { catalogue: await catalogueOf(database), rows: await rows() };

    // The service and TypeORM's command line refuse the database and say what to do.
    const cli = [
      'node_modules/typeorm/cli.js',
      'migration:run',
      '-d',
      'dist/src/database/data-source.js',
    ] as const;
    const refused = await promisify(execFile)(process.execPath, [...cli], {
      cwd: PROJECT,
      env: { PATH: process.env['PATH'], ...baseEnvironment(), ...database.environment },
    }).catch((error: unknown) => error as { stdout: string; stderr: string });
    expect(refused.stdout + refused.stderr).toContain(TAKE_OVER_FIRST);
    const migrating = await launchService({ ...database.environment, APP_ENV: 'local' });
    expect(await exitCodeOf(migrating.child)).toBe(1);
    expect(migrating.output()).toContain(TAKE_OVER_FIRST);

    // Without --apply the command only reports.
    const dry = await takeOver(database);
    expect(dry).toMatchObject({
      code: 0,
      output: expect.stringContaining('Nothing has been changed') as string,
    });
    expect(dry.output).toContain('3 installations, 300 orders, 161 webhook events');
    expect(dry.output).toContain('51 webhook events repeat another one');
    expect(dry.output).toContain('1 unfinished webhook events will be verified at Appmax');
    expect(dry.output).toContain('1 unfinished webhook events have no order');

    // A takeover that fails in one of the last steps leaves everything as it was.
    await database.query('CREATE TABLE sign_ins (id integer)');
    const failed = await takeOver(database, '--apply');
    expect(failed.code).toBe(1);
    expect(failed.output).toContain('Run the migrations');
    expect(failed.output).toMatch(/The migration CreateSignIns\S+ failed: .*Nothing was taken over/);
    await database.query('DROP TABLE sign_ins');
    expect(await catalogueOf(database)).toEqual(before.catalogue);
    expect(await rows()).toEqual(before.rows);

    const applied = await takeOver(database, '--apply');
    expect(applied).toMatchObject({ code: 0, output: expect.stringContaining('is taken over') as string });
    expect(applied.output).toContain('3 of 3 installations');
    expect(applied.output).not.toMatch(/plain-secret|client-/);

    const fresh = await createDatabase();
    const withoutKept = (lines: readonly string[]): string[] =>
      lines.filter((line) => !line.includes('goravel_migrations'));
    expect(withoutKept(await catalogueOf(database))).toEqual(await catalogueOf(fresh));
    await fresh.drop();
    expect(await database.query('SELECT migration, batch FROM goravel_migrations ORDER BY id')).toEqual([
      { migration: '20260313000001_create_installations_table', batch: 1 },
      { migration: '20260313000002_create_orders_table', batch: 1 },
      { migration: '20260313000003_create_webhook_events_table', batch: 1 },
    ]);
    await expectRowsKept(before.rows);

    const again = await takeOver(database, '--apply');
    expect(again).toEqual({
      code: 0,
      output: 'Nothing to do: this database is one of this service already\n',
    });

    await expectServiceRuns();
  }, 240_000);

  /** Compares all rows with those before the takeover: nothing but what the command announces has changed. */
  const expectRowsKept = async (before: readonly Record<string, string>[]): Promise<void> => {
    const read = async (table: string): Promise<Record<string, unknown>[]> =>
      (
        await database.query<{ row: Record<string, unknown> }>(
          `SELECT row_to_json(t) AS row FROM ${table} t ORDER BY id`,
        )
      ).map(({ row }) => row);
    const previous = (table: string): Record<string, unknown>[] =>
      before
        .filter((row) => row['table'] === table)
        .map(({ row }) => JSON.parse(row!) as Record<string, unknown>);
    const withNulls = (row: Record<string, unknown>): Record<string, unknown> =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === '' ? null : value]));

    expect(await read('orders')).toEqual(previous('orders').map(withNulls));
    const sealer = new Sealer(
      { current: Buffer.from(baseEnvironment()['APP_KEY']!, 'base64'), previous: [] },
      { acceptsUnsealed: false },
    );
    const opened = (await read('installations')).map((row) => {
      const stored = {
        merchantClientId: String(row['merchant_client_id']),
        merchantClientSecret: String(row['merchant_client_secret']),
      };
      const { clientId, clientSecret } = openCredentials(sealer, String(row['external_key']), stored);
      return { ...row, merchant_client_id: clientId, merchant_client_secret: clientSecret };
    });
    expect(opened).toEqual(previous('installations'));

    const events = await read('webhook_events');
    const old = previous('webhook_events');
    const identity = ({
      id,
      event,
      event_type,
      appmax_order_id,
      payload,
      created_at,
    }: Record<string, unknown>) => ({
      id,
      event,
      event_type,
      appmax_order_id,
      payload,
      created_at,
    });
    expect(events.map(identity)).toEqual(old.map(identity));
    const expected = old.map((row) => {
      const same = old.filter(
        (other) =>
          row['appmax_order_id'] !== null &&
          other['appmax_order_id'] === row['appmax_order_id'] &&
          other['event'] === row['event'] &&
          other['error_message'] === '',
      );
      const counting = same.find((other) => other['processed'] === true) ?? same[0];
      if (row['error_message'] !== '') return { processed: true, error_message: row['error_message'] };
      if (counting === undefined || counting === row)
        return { processed: row['processed'] === true || counting === undefined, error_message: null };
      return { processed: true, error_message: `repeats webhook event ${String(counting['id'])}` };
    });
    expect(events.map(({ processed, error_message }) => ({ processed, error_message }))).toEqual(expected);
    const [reasons] = await database.query(
      `SELECT count(*) FILTER (WHERE reason = 'repeated')::int AS repeated,
              count(*) FILTER (WHERE reason = 'set_aside')::int AS failed FROM unapplied_webhook_events`,
    );
    expect(reasons).toEqual({ repeated: 51, failed: 5 });
  };

  /** Starts the service: it confirms the missed payment, sells with the sealed credentials, and knows the old orders. */
  const expectServiceRuns = async (): Promise<void> => {
    const service = await startService({ ...database.environment, ...simulator.environment });
    try {
      await eventually(async () => {
        const [row] = await database.query(
          `SELECT o.status, e.processed, e.error_message FROM orders o JOIN webhook_events e USING (appmax_order_id)
           WHERE appmax_order_id = $1 ORDER BY e.id LIMIT 1`,
          [missed.orderId],
        );
        expect(row).toEqual({ status: 'aprovado', processed: true, error_message: null });
      });
      const old = await service.send('GET', '/checkout/shop/status/900000003');
      expect([old.status, old.body['status']]).toEqual([200, 'aprovado']);
      const repeat = await service.send('POST', '/webhooks/appmax', {
        body: { event: 'order_paid', data: { order_id: 900000003 } },
      });
      expect(repeat.body['message']).toBe('already processed');
      const order = await service.send('POST', '/checkout/shop/order', {
        body: { customer: CUSTOMER, order: ORDER },
      });
      expect(order.status).toBe(200);
      const paid = await service.send('POST', '/checkout/shop/pay/credit-card', {
        body: { order_id: order.body['order_id'], payment: cardPayment() },
        headers: { 'idempotency-key': randomUUID() },
      });
      expect(paid.status).toBe(200);
      const list = await service.send('GET', '/admin/orders?limit=1', { secretKey: SECRET_KEY });
      expect(list.status).toBe(200);
      const ready = await service.send('GET', '/health/ready');
      expect(ready.body['migrations']).toBe('up to date');
    } finally {
      await service.stop();
    }
  };

  it('a database with another catalogue is refused with all differences, and not changed', async () => {
    const other = await createDatabase({ migrated: false });
    try {
      expect(await takeOver(other)).toMatchObject({
        code: 1,
        output: expect.stringContaining('it is not that of the Go example') as string,
      });
      await createGoSchema(other);
      await other.query(`
        ALTER TABLE orders ALTER COLUMN total_cents TYPE bigint;
        ALTER TABLE orders ADD COLUMN coupon text;
        ALTER TABLE orders DROP CONSTRAINT orders_appmax_order_id_unique;
        ALTER TABLE installations ADD CONSTRAINT short_key CHECK (length(external_key) < 9);
        CREATE UNIQUE INDEX one_payload ON webhook_events (event_type);
        CREATE TABLE goravel_migrations (id integer)`);
      await other.query(
        `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
         VALUES ('long', 'app', 'id', repeat('s', 400), gen_random_uuid())`,
      );
      const before = await catalogueOf(other);
      const refused = await takeOver(other, '--apply');
      expect(refused.code).toBe(1);
      for (const difference of [
        'orders.total_cents is bigint NOT NULL DEFAULT 0, expected integer NOT NULL DEFAULT 0',
        'orders.coupon is not a column of the Go example',
        'orders lacks UNIQUE (appmax_order_id)',
        'installations has the constraint short_key, which the Go example has not: CHECK',
        'webhook_events has the unique index one_payload, which the Go example has not',
        'the table goravel_migrations exists already',
        '1 not sealed: not sealed, and too long to seal: more than 347 bytes (installations 1)',
      ])
        expect(refused.output).toContain(`  - ${difference}`);
      expect(await catalogueOf(other)).toEqual(before);
    } finally {
      await other.drop();
    }
  });

  it('a service that does not migrate says what to do with the database, and answers 503', async () => {
    const other = await createDatabase({ migrated: false });
    await createGoSchema(other);
    const service = await startService(other.environment);
    try {
      expect((await service.send('GET', '/checkout/shop/status/1')).status).toBe(503);
      const ready = await service.send('GET', '/health/ready');
      expect([ready.status, ready.body['migrations']]).toEqual([503, 'pending']);
      const command = await runCommand('reconcile-orders', [], other.environment);
      expect(command).toMatchObject({ code: 1, output: expect.stringContaining(TAKE_OVER_FIRST) as string });
    } finally {
      await service.stop();
      await other.drop();
    }
  });
});
