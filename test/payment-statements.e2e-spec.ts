import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { countRoundTrips, type RoundTripCounter } from '../bench/support/round-trips';
import { parseConfig } from '../src/config/config';
import { dataSourceOptions } from '../src/database/data-source-options';
import { IdempotencyContext } from '../src/idempotency';
import { OperationsRepository } from '../src/payments/operations/rows/operations.repository';
import { createDatabase, type TestDatabase } from './support/database';
import { baseEnvironment, SECRET_KEY } from './support/service';
import { cardPayment, CPF, CUSTOMER, ORDER } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

interface KeyRow {
  response_status: number | null;
  response_body: string | null;
  lease_token: string | null;
}

/** The statements that save several things about a payment at once. */
describe('The statements of a payment', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let operations: OperationsRepository;
  let installationId: number;
  let made = 0;
  const context = new IdempotencyContext();

  beforeAll(async () => {
    database = await createDatabase();
    const { database: settings } = parseConfig({ ...baseEnvironment(), ...database.environment });
    const oneConnection = { ...settings, maxOpenConnections: 1, maxIdleConnections: 1 };
    dataSource = await new DataSource(dataSourceOptions(oneConnection)).initialize();
    operations = new OperationsRepository(dataSource, context);
    const [row] = await database.query<{ id: number }>(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', 'app', 'id', 'secret', $1) RETURNING id::int`,
      [randomUUID()],
    );
    installationId = row!.id;
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const keyRow = async (id: number): Promise<KeyRow> => {
    const rows = await database.query<KeyRow>(
      'SELECT response_status, response_body, lease_token FROM idempotency_keys WHERE id = $1',
      [id],
    );
    return rows[0]!;
  };

  /**
   * Saves the answer to a Pix of a new order, in a request with a key.
   *
   * @param orderStatus the order's status before.
   * @param isStored false if repeats resume the operations instead of getting the answer.
   * @param keyToken the lease of the key in the database; by default, that of the request.
   * @returns the id of the key, the status after, and whether the key's lease was ended.
   */
  const saveAnswer = async ({
    orderStatus = 'pendente',
    keyToken,
    isStored = true,
    before = () => Promise.resolve(),
  }: {
    orderStatus?: string;
    keyToken?: string;
    isStored?: boolean;
    before?: (keyId: number) => Promise<unknown>;
  } = {}): Promise<{ keyId: number; status: string | undefined; isEnded: boolean }> => {
    made += 1;
    const leaseToken = randomUUID();
    const [order] = await database.query<{ id: number }>(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status, total_cents)
       VALUES ($1, 1, $2, 'pendente', 1000) RETURNING id::int`,
      [installationId, made],
    );
    const [key] = await database.query<{ id: number }>(
      `INSERT INTO idempotency_keys (tenant, access, route, key, digest, lease_token, lease_expires_at, expires_at)
       VALUES ('shop', 'storefront', '/pay', $1, repeat('0', 64), $2, clock_timestamp() + interval '20 s', clock_timestamp() + interval '1 day')
       RETURNING id::int`,
      [String(made), leaseToken],
    );
    const request = { id: key!.id, leaseToken, digest: '0'.repeat(64), isRepeat: false, isIdentical: false };
    return context.run({ ...request, storedStatus: isStored ? 200 : undefined }, async ({ isEnded }) => {
      const lease = await operations.prepare({
        kind: 'pix',
        installationId,
        orderId: order!.id,
        sale: `order:${order!.id}`,
        callLimitSeconds: 10,
      });
      await operations.fence(lease!, ['pendente']);
      await database.query('UPDATE orders SET status = $2 WHERE id = $1', [order!.id, orderStatus]);
      if (keyToken !== undefined)
        await database.query('UPDATE idempotency_keys SET lease_token = $2 WHERE id = $1', [
          key!.id,
          keyToken,
        ]);
      await before(key!.id);
      const status = await operations.updateWithOrder(
        { type: 'update', id: lease!.id, from: 'sent', to: 'done' },
        {},
        { orderId: order!.id, status: 'pendente', columns: { pixQrCode: 'png', pixEmv: 'emv' } },
        { keyEnd: context.endWith({ emv: 'emv' })!, ifStatus: 'pendente' },
      );
      return { keyId: key!.id, status, isEnded: isEnded() };
    });
  };

  it('store the answer under the key of the request with its outcome', async () => {
    const { keyId, status, isEnded } = await saveAnswer();
    expect([status, isEnded]).toEqual(['pendente', true]);
    expect(await keyRow(keyId)).toEqual({
      response_status: 200,
      response_body: '{"emv":"emv"}',
      lease_token: null,
    });
  });

  it('end the lease without an answer if repeats resume the operations', async () => {
    const { keyId, isEnded } = await saveAnswer({ isStored: false });
    expect(isEnded).toBe(true);
    expect(await keyRow(keyId)).toEqual({ response_status: null, response_body: null, lease_token: null });
  });

  it('store no answer that was made with another status of the order', async () => {
    const { keyId, status, isEnded } = await saveAnswer({ orderStatus: 'aprovado' });
    expect([status, isEnded]).toEqual(['aprovado', false]);
    expect(await keyRow(keyId)).toMatchObject({
      response_status: null,
      lease_token: expect.any(String) as string,
    });
  });

  it('leave the key to a repeat that has taken its lease over', async () => {
    const keyToken = randomUUID();
    const { keyId, status, isEnded } = await saveAnswer({ keyToken });
    expect([status, isEnded]).toEqual(['pendente', false]);
    expect(await keyRow(keyId)).toMatchObject({ response_status: null, lease_token: keyToken });
  });

  it('do not wait for a key that another transaction has locked', async () => {
    const lock = async (keyId: number): Promise<void> => {
      await database.query('BEGIN');
      await database.query('SELECT id FROM idempotency_keys WHERE id = $1 FOR UPDATE', [keyId]);
    };
    const { status, isEnded } = await saveAnswer({ before: lock });
    await database.query('COMMIT');
    expect([status, isEnded]).toEqual(['pendente', false]);
  });

  it('leave the connection with commits that wait for the disk', async () => {
    await saveAnswer();
    expect(await dataSource.query('SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  });
});

describe('The database round trips of a payment', () => {
  let system: TestSystem;
  let counter: RoundTripCounter;

  beforeAll(async () => {
    const { port } = JSON.parse(process.env['TEST_POSTGRES'] ?? '') as { port: number };
    counter = await countRoundTrips(port);
    system = await startSystem({ DB_PORT: String(counter.port) });
  });

  afterAll(async () => {
    await system.stop();
    counter.stop();
  });

  const post = async (
    route: string,
    body: object,
    headers?: Record<string, string>,
  ): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await system.services[0].send('POST', `/checkout/${system.key}/${route}`, {
      body,
      ...(headers === undefined ? { withoutKey: true } : { headers }),
    });
    expect(answer.status).toBe(200);
    return answer.body;
  };

  const newOrder = async (): Promise<number> =>
    (await post('order', { customer: CUSTOMER, order: ORDER }, { 'idempotency-key': randomUUID() }))[
      'order_id'
    ] as number;

  const PAYMENTS = {
    'pay/pix': { document_number: CPF },
    'pay/boleto': { document_number: CPF },
    'pay/credit-card': { payment: cardPayment() },
  };

  /** Pays 10 orders. @returns the least round trips of one: background work adds to some. */
  const leastTrips = async (
    route: keyof typeof PAYMENTS,
    headers: () => Record<string, string> | undefined,
  ): Promise<number> => {
    const trips: number[] = [];
    for (let payment = 0; payment < 10; payment += 1) {
      const body = { ...PAYMENTS[route], order_id: await newOrder() };
      const before = counter.count();
      await post(route, body, headers());
      trips.push(counter.count() - before);
    }
    return Math.min(...trips);
  };

  const withKey = (): Record<string, string> => ({ 'idempotency-key': randomUUID() });
  const ofServer = (): Record<string, string> => ({ ...withKey(), authorization: `Bearer ${SECRET_KEY}` });

  // The key's lease, the shop, the order with its operations, prepared, sent, and the outcome with the key's end.
  it.each(Object.keys(PAYMENTS) as (keyof typeof PAYMENTS)[])(
    'of an order that exists are 6 at most: %s',
    async (route) => {
      expect(await leastTrips(route, withKey)).toBeLessThanOrEqual(6);
      expect(await leastTrips(route, () => undefined)).toBeLessThanOrEqual(6);
      // The audit log has two more for a secret key.
      expect(await leastTrips(route, ofServer)).toBeLessThanOrEqual(8);
    },
  );

  it.each(Object.keys(PAYMENTS) as (keyof typeof PAYMENTS)[])(
    'a repeat with its key gets the answer that was stored with the outcome: %s',
    async (route) => {
      const body = { ...PAYMENTS[route], order_id: await newOrder() };
      const headers = { 'idempotency-key': randomUUID() };
      const first = await post(route, body, headers);
      expect(await post(route, body, headers)).toEqual(first);
    },
  );
});
