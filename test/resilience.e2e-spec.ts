import { randomUUID } from 'node:crypto';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { startRedis } from './support/servers';
import { SECRET_KEY, spawnService, startService, type TestService } from './support/service';
import { cardPayment, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator } from './support/simulator';

describe('Bad input', () => {
  let database: TestDatabase;
  let service: TestService;

  beforeAll(async () => {
    database = await createDatabase();
    service = await startService(database.environment);
  });

  afterAll(async () => {
    await service.stop();
    await database.drop();
  });

  const routes = [
    '/integrations/appmax/callback/install',
    '/checkout/shop/order',
    '/checkout/shop/pay/credit-card',
    '/checkout/shop/pay/pix',
    '/checkout/shop/pay/boleto',
    '/webhooks/appmax',
  ];
  const tenMegabytes = `{"event":"${'x'.repeat(10 * 1024 * 1024)}"}`;
  const deep = `{"event":"OrderPaid","data":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
  const bodies: [string, string | undefined, number[]][] = [
    ['broken', '{"a":', [400]],
    ['empty', '', [400]],
    ['an array', '[]', [400]],
    ['a string', '"text"', [400]],
    ['null', 'null', [400]],
    ['nested 30,000 levels deep', deep, [400]],
    ['of 10 MB', tenMegabytes, [413]],
  ];

  it.each(
    routes.flatMap((route) => bodies.map(([title, body, statuses]) => ({ route, title, body, statuses }))),
  )(
    'POST $route answers a body that is $title with a 4xx and a message, and the service keeps running',
    async ({ route, body, statuses }) => {
      // A server that refuses a large body may close the connection before it has read all of it.
      const answer = await service
        .send('POST', route, { body, headers: { 'content-type': 'application/json' } })
        .catch(() => null);
      if (answer !== null) {
        expect(statuses).toContain(answer.status === 503 ? 400 : answer.status);
        expect(typeof answer.body['message']).toBe('string');
        expect(answer.headers.get('x-request-id')).toBeTruthy();
      } else {
        expect(statuses).toEqual([413]);
      }
      expect((await service.send('GET', '/health')).body).toEqual({ status: 'ok' });
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
    'a body of %s is refused',
    async (type) => {
      const answer = await service.send('POST', '/webhooks/appmax', {
        body: 'event=OrderPaid',
        headers: { 'content-type': type },
      });
      expect([answer.status, answer.body]).toEqual([
        415,
        { message: 'send the body as application/json', code: 'unsupported_content_type' },
      ]);
    },
  );

  it('an unknown path is answered with JSON', async () => {
    const answer = await service.send('GET', '/nowhere');
    expect(answer.status).toBe(404);
    expect(typeof answer.body['message']).toBe('string');
  });

  it("a valid request id of the caller's is kept, and an invalid one is replaced", async () => {
    const valid = await service.send('GET', '/health', { headers: { 'x-request-id': 'order-42.retry_1' } });
    const invalid = await service.send('GET', '/health', { headers: { 'x-request-id': 'a b "c"' } });
    expect(valid.headers.get('x-request-id')).toBe('order-42.retry_1');
    expect(invalid.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('A service without Appmax credentials', () => {
  it('a service without Appmax credentials starts, and its routes answer which variable is missing', async () => {
    const database = await createDatabase();
    const service = await startService(database.environment);
    try {
      expect((await service.send('GET', '/health')).status).toBe(200);
      const start = await service.send('GET', `/install/start?app_id=${randomUUID()}&external_key=shop`);
      const callback = await service.send('POST', '/integrations/appmax/callback/install', {
        body: { app_id: '1' },
      });
      expect([start.status, start.body['message']]).toEqual([
        503,
        expect.stringContaining('APPMAX_APP_ID_UUID'),
      ]);
      expect([callback.status, callback.body['message']]).toEqual([
        503,
        expect.stringContaining('APPMAX_APP_ID_NUMERIC'),
      ]);
    } finally {
      await service.stop();
      await database.drop();
    }
  });
});

describe('A Redis that is down', () => {
  it('no request fails while Redis is down: the cache is in memory, and the readiness reports it', async () => {
    const [database, simulator, redis] = await Promise.all([
      createDatabase(),
      startSimulator(),
      startRedis(),
    ]);
    const { host, port, password } = redis.connection;
    const service = await startService({
      ...database.environment,
      ...simulator.environment,
      REDIS_HOST: host,
      REDIS_PORT: String(port),
      REDIS_PASSWORD: password,
    });
    const pay = (key: string) =>
      service.send('POST', `/checkout/${key}/pay/credit-card`, {
        body: { customer: CUSTOMER, order: ORDER, payment: cardPayment() },
      });
    const cacheRow = async (): Promise<unknown> => (await service.send('GET', '/health/ready')).body['cache'];
    try {
      await eventually(async () => {
        expect(await cacheRow()).toBe('up');
      });
      await install(service, simulator, 'before');
      expect((await pay('before')).status).toBe(200);

      await redis.stop();
      const ready = await service.send('GET', '/health/ready');
      expect([ready.status, ready.body['cache']]).toEqual([503, 'down']);
      expect((await pay('before')).status).toBe(200);
      expect((await install(service, simulator, 'meanwhile')).body['external_id']).toBeTruthy();
      expect((await pay('meanwhile')).status).toBe(200);

      const again = await startRedis({ host, port, password });
      try {
        await eventually(async () => {
          expect(await cacheRow()).toBe('up');
        });
        expect((await pay('meanwhile')).status).toBe(200);
      } finally {
        await again.stop();
      }
    } finally {
      await service.stop();
      await Promise.all([simulator.stop(), database.drop()]);
    }
  });

  it('a service starts while Redis is down', async () => {
    const database = await createDatabase();
    const service = await spawnService({ ...database.environment, REDIS_PORT: '1' });
    try {
      const ready = await service.send('GET', '/health/ready');
      expect([ready.status, ready.body['cache'], ready.body['database']]).toEqual([503, 'down', 'up']);
      const token = await service.send('GET', '/installations/shop/merchant/token', {
        secretKey: SECRET_KEY,
      });
      expect(token.status).toBe(404);
    } finally {
      await service.stop();
      await database.drop();
    }
  });
});
