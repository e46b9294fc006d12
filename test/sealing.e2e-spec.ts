import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SimulatorControl } from '../simulator/control-client';
import { createDatabase, type TestDatabase } from './support/database';
import { connectToRedis, keysLike } from './support/redis';
import { freePort } from './support/servers';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

const SEALED = /^s1\.[\w-]{8}\.[\w-]{38,}$/;
const keyOf = (): string => randomBytes(32).toString('base64');

interface Row {
  merchant_client_id: string;
  merchant_client_secret: string;
}

describe('The sealing of credentials', () => {
  const [oldKey, newKey] = [keyOf(), keyOf()];
  let database: TestDatabase;
  let simulator: TestSimulator;
  let control: SimulatorControl;
  let service: TestService;
  const others: TestService[] = [];

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    control = new SimulatorControl(simulator.url);
    service = await startService({
      ...database.environment,
      ...simulator.environment,
      APP_KEY: oldKey,
      APP_KEY_PREVIOUS: newKey,
    });
  });

  afterAll(async () => {
    await Promise.all([service, ...others].map((each) => each.stop()));
    await Promise.all([simulator.stop(), database.drop()]);
  });

  /** Starts another instance on the same database. */
  const another = async (keys: Record<string, string>): Promise<TestService> => {
    const port = String(await freePort());
    const environment = { ...database.environment, ...simulator.environment, ...keys, APP_PORT: port };
    const started = await startService(environment);
    others.push(started);
    return started;
  };

  const row = async (key: string): Promise<Row> =>
    (await database.query<Row & object>('SELECT * FROM installations WHERE external_key = $1', [key]))[0]!;

  const tokenOf = (key: string, at = service) =>
    at.send('GET', `/installations/${key}/merchant/token`, { secretKey: SECRET_KEY });

  /** Creates a merchant whose row is not sealed, as before sealing was introduced. */
  const unsealedMerchant = async (): Promise<{ key: string; id: string; secret: string }> => {
    const key = `shop-${randomUUID()}`;
    const { client_id: id, client_secret: secret } = await control.createMerchant({ external_key: key });
    await database.query(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ($1, 'app', $2, $3, $4)`,
      [key, id, secret, randomUUID()],
    );
    return { key, id, secret };
  };

  it('the database contains no credential that is valid at Appmax', async () => {
    const key = `shop-${randomUUID()}`;
    await install(service, simulator, key);
    const { merchant_client_id: id, merchant_client_secret: secret } = await row(key);
    expect([id, secret]).toEqual([expect.stringMatching(SEALED), expect.stringMatching(SEALED)]);
    const { body } = await tokenOf(key);
    const dump = JSON.stringify(await database.query('SELECT * FROM installations'));
    for (const name of ['merchant_client_id', 'merchant_client_secret', 'merchant_bearer_token']) {
      expect(body[name]).toEqual(expect.stringMatching(/^\S{8,}$/));
      expect(dump).not.toContain(body[name]);
    }
  });

  it('Redis contains no token of a merchant or of the app', async () => {
    const key = `shop-${randomUUID()}`;
    await install(service, simulator, key);
    const { body } = await tokenOf(key);
    const values = await redisValues();
    expect(values.join()).toContain('"sealed":"s1.');
    expect(values.join()).not.toContain(body['merchant_bearer_token']);
    expect(values.join()).not.toMatch(/"token"|access_token|Bearer/);
  });

  it("sealed credentials cannot be opened in another merchant's row", async () => {
    const [mine, theirs] = [`shop-${randomUUID()}`, `shop-${randomUUID()}`];
    await install(service, simulator, mine);
    await install(service, simulator, theirs);
    await database.query(
      `UPDATE installations SET merchant_client_id = v.merchant_client_id, merchant_client_secret = v.merchant_client_secret
       FROM installations v WHERE v.external_key = $1 AND installations.external_key = $2`,
      [theirs, mine],
    );
    const moved = await tokenOf(mine);
    expect([moved.status, moved.body]).toEqual([
      500,
      { message: 'internal server error', code: 'internal_server_error' },
    ]);
    expect((await tokenOf(theirs)).status).toBe(200);
  });

  it('unsealed credentials are not read with UNSEALED_CREDENTIALS=refuse', async () => {
    const strict = await another({
      APP_KEY: newKey,
      APP_KEY_PREVIOUS: oldKey,
      UNSEALED_CREDENTIALS: 'refuse',
    });
    const sealed = `shop-${randomUUID()}`;
    await install(service, simulator, sealed);
    expect((await tokenOf(sealed, strict)).status).toBe(200);
    const { key, id, secret } = await unsealedMerchant();
    const refused = await tokenOf(key, strict);
    expect([refused.status, refused.body]).toEqual([
      500,
      { message: 'internal server error', code: 'internal_server_error' },
    ]);
    expect(await row(key)).toMatchObject({ merchant_client_id: id, merchant_client_secret: secret });
  });

  it('unsealed credentials are sealed when they are first read', async () => {
    const { key, id, secret } = await unsealedMerchant();
    const answers = await Promise.all(Array.from({ length: 20 }, () => tokenOf(key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { merchant_client_id, merchant_client_secret } = await row(key);
    expect([merchant_client_id, merchant_client_secret]).toEqual([
      expect.stringMatching(SEALED),
      expect.stringMatching(SEALED),
    ]);
    expect((await tokenOf(key)).body).toMatchObject({
      merchant_client_id: id,
      merchant_client_secret: secret,
    });
  });

  it('the sealing does not overwrite credentials that change at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { key } = await unsealedMerchant();
      const other = await control.createMerchant({});
      const change = database.query(
        'UPDATE installations SET merchant_client_id = $2, merchant_client_secret = $3 WHERE external_key = $1',
        [key, other.client_id, other.client_secret],
      );
      await Promise.all([change, ...Array.from({ length: 10 }, () => tokenOf(key))]);
      expect((await tokenOf(key)).body).toMatchObject({
        merchant_client_id: other.client_id,
        merchant_client_secret: other.client_secret,
      });
    }
  });

  it('a health check with credentials that are too long once sealed is refused, and nothing is saved', async () => {
    const key = `shop-${randomUUID()}`;
    const answer = await service.send('POST', '/integrations/appmax/callback/install', {
      body: {
        app_id: simulator.appIdNumeric,
        external_key: key,
        client_key: key,
        client_id: 'client',
        client_secret: 's'.repeat(348),
      },
    });
    expect([answer.status, answer.body]).toEqual([
      400,
      {
        message: 'invalid request body',
        code: 'invalid_request_body',
        errors: [{ field: 'client_secret', message: 'client_secret must be a text of at most 347 bytes' }],
      },
    ]);
    expect(await row(key)).toBeUndefined();
  });

  it('credentials of Appmax that are too long once sealed are refused, and nothing is saved', async () => {
    const appmax = createServer((request, response) => {
      const answers: Record<string, unknown> = {
        '/oauth2/token': { access_token: 'a-token', expires_in: 3600 },
        '/app/authorize': { data: { token: 'a-hash' } },
        '/app/client/generate': { data: { client: { client_id: 'x', client_secret: 's'.repeat(348) } } },
      };
      request.resume().on('end', () => response.end(JSON.stringify(answers[request.url ?? ''])));
    }).listen(0, '127.0.0.1');
    await once(appmax, 'listening');
    const url = `http://127.0.0.1:${String((appmax.address() as AddressInfo).port)}`;
    const theirs = await another({ APPMAX_AUTH_URL: url, APPMAX_API_URL: url, CACHE_DRIVER: 'memory' });
    const query = `app_id=${simulator.appIdUuid}&external_key=long`;
    expect((await theirs.send('GET', `/install/start?${query}`)).status).toBe(302);
    const answer = await theirs.send('GET', '/integrations/appmax/callback/install?token=a-hash');
    appmax.close();
    expect([answer.status, answer.body]).toEqual([
      502,
      { message: 'Appmax gave credentials that are too long to be kept', code: 'credentials_too_long' },
    ]);
    expect(await row('long')).toBeUndefined();
  });

  it('credentials whose key is lost are replaced by a new installation with the same external_id', async () => {
    const key = `shop-${randomUUID()}`;
    const { body } = await install(service, simulator, key);
    const stranger = await another({ APP_KEY: keyOf() });
    expect((await tokenOf(key, stranger)).status).toBe(500);
    const taken = await stranger.send('POST', '/integrations/appmax/callback/install', {
      body: {
        app_id: simulator.appIdNumeric,
        external_key: key,
        client_key: key,
        client_id: 'someone',
        client_secret: 'else',
      },
    });
    expect(taken.status).toBe(409);
    // The simulator calls the first service, which finds the external_id without the credentials.
    const again = await install(stranger, simulator, key);
    expect([again.status, again.body]).toEqual([200, body]);
    expect((await tokenOf(key, stranger)).status).toBe(200);
  });

  it('a digest matches under the previous key and under the next one', async () => {
    const key = `shop-${randomUUID()}`;
    await install(service, simulator, key);
    const rotated = await another({ APP_KEY: newKey, APP_KEY_PREVIOUS: oldKey });
    for (const [first, second] of [
      [service, rotated],
      [rotated, service],
    ] as const) {
      const options = {
        body: { customer: CUSTOMER, order: ORDER },
        headers: { 'idempotency-key': randomUUID() },
      };
      const made = await first.send('POST', `/checkout/${key}/order`, options);
      const repeated = await second.send('POST', `/checkout/${key}/order`, options);
      expect([made.status, repeated.status]).toEqual([200, 200]);
      expect(repeated.headers.get('idempotent-replayed')).toBe('true');
      // The token of an order is not stored: the service that answers makes it with its own key.
      const { order_id, customer_id } = made.body;
      expect(repeated.body).toMatchObject({ order_id, customer_id });
      const changed = { ...options, body: { customer: CUSTOMER, order: { ...ORDER, discount_value: 0 } } };
      expect((await second.send('POST', `/checkout/${key}/order`, changed)).status).toBe(422);
    }
  });
});

/** Reads the values of all tokens in Redis. */
async function redisValues(): Promise<string[]> {
  const client = await connectToRedis();
  const keys = await keysLike(client, '*token*');
  const values = await Promise.all(keys.map(async (key) => (await client.get(key)) ?? ''));
  await client.disconnect();
  return values;
}
