import { randomInt } from 'node:crypto';
import { Controller, Get, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../src/app.setup';
import { Access } from '../src/common/access/access.decorator';
import { parseConfig } from '../src/config/config';
import { createDatabase, type TestDatabase } from './support/database';
import type { Answer } from './support/http';
import { SPARE_REDIS_DATABASE } from './support/redis';
import { noteRoutes } from './support/routes';
import { freePort } from './support/servers';
import { baseEnvironment, SECRET_KEY, startService, type TestService } from './support/service';

/** An address that no other test has called from. */
const newAddress = (): string =>
  `10.${String(randomInt(256))}.${String(randomInt(256))}.${String(randomInt(256))}`;
const newOrderId = (): number => randomInt(1, 2_000_000_000);

const PAYMENTS = ['pay/credit-card', 'pay/pix', 'pay/boleto', 'tokenize'];

/** Every route that Fastify has, whoever made it, with what it declares. */
async function routesOf(app: NestFastifyApplication): Promise<Map<string, string | undefined>> {
  const routes = noteRoutes(app);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await app.close();
  return routes;
}

const undeclared = (routes: ReadonlyMap<string, string | undefined>): string[] =>
  [...routes]
    .filter(([, access]) => !['public', 'storefront', 'secret'].includes(access ?? ''))
    .map(([route]) => route);

describe('Every route', () => {
  it('declares who may call it', async () => {
    const database = await createDatabase();
    const app = await createApp(parseConfig({ ...baseEnvironment(), ...database.environment }));
    const routes = await routesOf(app);
    await database.drop();
    expect(routes.size).toBeGreaterThan(20);
    expect(Object.fromEntries(routes)).toMatchObject({
      'GET /health': 'public',
      'POST /checkout/:key/order': 'storefront',
      'POST /checkout/:key/refund': 'secret',
      'GET /admin/orders/:order_id': 'secret',
    });
    expect(undeclared(routes)).toEqual([]);
  });

  it('would be found that does not', async () => {
    const app = await NestFactory.create<NestFastifyApplication>(
      moduleWithoutDeclarations(),
      new FastifyAdapter(),
      {
        logger: false,
      },
    );
    const routes = await routesOf(app);
    expect(undeclared(routes).sort()).toEqual([
      'GET /misspelt',
      'GET /nothing',
      'HEAD /misspelt',
      'HEAD /nothing',
    ]);
    expect(routes.get('GET /declared')).toBe('secret');
  });
});

function moduleWithoutDeclarations(): Type {
  @Controller()
  class SomeController {
    @Get('nothing')
    nothing(): string {
      return '';
    }

    @Get('misspelt')
    @Access('everyone' as 'public')
    misspelt(): string {
      return '';
    }

    @Get('declared')
    @Access('secret')
    declared(): string {
      return '';
    }
  }

  @Module({ controllers: [SomeController] })
  class SomeModule {}
  return SomeModule;
}

describe('Rate limits', () => {
  let database: TestDatabase;
  const services: TestService[] = [];

  const start = async (environment: Record<string, string>): Promise<TestService> => {
    const service = await startService({ ...database.environment, RATE_LIMIT: 'on', ...environment });
    services.push(service);
    return service;
  };

  beforeAll(async () => {
    database = await createDatabase();
  });

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await database.drop();
  });

  const call = (
    service: TestService,
    path: string,
    { from, body }: { from?: string; body?: unknown } = {},
  ): Promise<Answer> =>
    service.send(body === undefined ? 'GET' : 'POST', `/checkout/shop/${path}`, {
      ...(body === undefined ? {} : { body }),
      headers: from === undefined ? {} : { 'x-forwarded-for': from },
    });

  const pay = (service: TestService, from?: string, body: unknown = {}, path = 'pay/pix'): Promise<Answer> =>
    call(service, path, { ...(from === undefined ? {} : { from }), body });

  /** How many of so many calls are answered with 429. */
  const refused = async (count: number, one: (index: number) => Promise<Answer>): Promise<number> => {
    const answers: Answer[] = [];
    for (let index = 0; index < count; index += 1) answers.push(await one(index));
    return answers.filter(({ status }) => status === 429).length;
  };

  it('let an address pay or tokenize ten times a minute, by all routes together, on all instances', async () => {
    const instances = [await start({ TRUST_PROXY: '1' }), await start({ TRUST_PROXY: '1' })] as const;
    const from = newAddress();
    const one = (index: number): Promise<Answer> =>
      pay(instances[index % 2 === 0 ? 0 : 1], from, {}, PAYMENTS[index % PAYMENTS.length]);
    expect(await refused(10, one)).toBe(0);
    const answer = await one(10);
    expect([answer.status, answer.body]).toEqual([429, { message: 'too many requests: try again later' }]);
    const wait = Number(answer.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(50);
    expect(wait).toBeLessThanOrEqual(60);
    expect(answer.headers.get('x-request-id')).toEqual(expect.any(String));
    expect((await pay(instances[0], newAddress())).status).not.toBe(429);
    expect((await call(instances[0], 'status/1', { from })).status).toBe(404);
  });

  it('let an order be paid thirty times a minute, whoever tries, on all instances', async () => {
    const instances = [await start({ TRUST_PROXY: '1' }), await start({ TRUST_PROXY: '1' })] as const;
    const orderId = newOrderId();
    const one = (index: number): Promise<Answer> =>
      pay(instances[index % 2 === 0 ? 0 : 1], newAddress(), { order_id: orderId });
    expect(await refused(30, one)).toBe(0);
    expect(await refused(6, one)).toBe(6);
    expect((await pay(instances[0], newAddress(), { order_id: newOrderId() })).status).not.toBe(429);
    expect(await refused(3, () => pay(instances[0], newAddress(), {}))).toBe(0);
  });

  it('count many requests that come at once one by one', async () => {
    const instances = [await start({ TRUST_PROXY: '1' }), await start({ TRUST_PROXY: '1' })] as const;
    const from = newAddress();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => pay(instances[index % 2 === 0 ? 0 : 1], from)),
    );
    expect(answers.filter(({ status }) => status !== 429)).toHaveLength(10);
  });

  it('let an address call the other storefront routes 120 times a minute', async () => {
    const service = await start({ TRUST_PROXY: '1' });
    const from = newAddress();
    const paths = ['status/1', 'config', 'installments?total_value=100'];
    const one = (index: number): Promise<Answer> => call(service, paths[index % 3]!, { from });
    expect(await refused(120, one)).toBe(0);
    expect(await refused(3, one)).toBe(3);
    expect((await pay(service, from)).status).not.toBe(429);
  });

  it('let an address start 60 installations a minute', async () => {
    const service = await start({ TRUST_PROXY: '1' });
    const headers = { 'x-forwarded-for': newAddress() };
    const startOne = (): Promise<Answer> => service.send('GET', '/install/start?app_id=x', { headers });
    expect(await refused(60, startOne)).toBe(0);
    expect(await refused(3, startOne)).toBe(3);
  });

  it('leave webhooks, health and secret routes alone', async () => {
    const service = await start({ TRUST_PROXY: '1' });
    const headers = { 'x-forwarded-for': newAddress() };
    const routes = [
      ['GET', '/health'],
      ['POST', '/webhooks/appmax'],
      ['GET', '/admin/orders'],
      ['POST', '/checkout/shop/refund'],
    ] as const;
    for (const [method, path] of routes) {
      const options = { headers, secretKey: SECRET_KEY, ...(method === 'POST' ? { body: {} } : {}) };
      expect(await refused(130, () => service.send(method, path, options))).toBe(0);
    }
  });

  it("count by the connection's address where no proxy is trusted, whatever a header says", async () => {
    const service = await start({ TRUST_PROXY: 'false', REDIS_DB: String(SPARE_REDIS_DATABASE) });
    expect(await refused(12, () => pay(service, newAddress()))).toBe(2);
  });

  it('count by the address that the trusted proxy names, whatever stands before it', async () => {
    const service = await start({ TRUST_PROXY: '1' });
    const from = newAddress();
    expect(await refused(12, () => pay(service, `${newAddress()}, ${from}`))).toBe(2);
    expect((await pay(service, `${from}, ${newAddress()}`)).status).not.toBe(429);
  });

  it('count a whole IPv6 network as one address: a line has millions of them', async () => {
    const service = await start({ TRUST_PROXY: '1' });
    const network = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}`;
    expect(await refused(12, (index) => pay(service, `${network}::${(index + 1).toString(16)}`))).toBe(2);
  });

  it.each<[string, () => Promise<Record<string, string>>]>([
    ['without Redis', () => Promise.resolve({ CACHE_DRIVER: 'memory' })],
    ['while Redis is away', async () => ({ REDIS_PORT: String(await freePort()) })],
  ])('hold for each instance %s', async (_, environment) => {
    const service = await start({ TRUST_PROXY: '1', ...(await environment()) });
    const from = newAddress();
    expect(await refused(12, () => pay(service, from))).toBe(2);
  });

  it('are off with RATE_LIMIT=off', async () => {
    const service = await start({ TRUST_PROXY: '1', RATE_LIMIT: 'off' });
    const from = newAddress();
    expect(await refused(40, () => pay(service, from, { order_id: 1 }))).toBe(0);
  });
});

describe('Pages of other origins', () => {
  const SHOP = 'https://shop.example';
  let database: TestDatabase;
  let open: TestService;
  let listed: TestService;
  let closed: TestService;

  beforeAll(async () => {
    database = await createDatabase();
    [open, listed, closed] = await Promise.all([
      startService({ ...database.environment, CORS_ORIGINS: '*' }),
      startService({ ...database.environment, CORS_ORIGINS: `${SHOP}, https://other.example` }),
      startService(database.environment),
    ]);
  });

  afterAll(async () => {
    await Promise.all([open, listed, closed].map((service) => service.stop()));
    await database.drop();
  });

  const preflight = (service: TestService, path: string, origin = SHOP): Promise<Answer> =>
    service.send('OPTIONS', path, {
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,idempotency-key',
      },
    });

  const allowedOrigin = ({ headers }: Answer): string | null => headers.get('access-control-allow-origin');

  it('may call the storefront, ask before they do, and read what it says', async () => {
    for (const path of ['/checkout/a%2Fshop/order', '/checkout/shop/pay/pix', '/checkout/shop/status/1']) {
      const asked = await preflight(listed, path);
      expect([asked.status, asked.text]).toEqual([204, '']);
      expect(Object.fromEntries(asked.headers)).toMatchObject({
        'access-control-allow-origin': SHOP,
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'Content-Type, Idempotency-Key, X-Request-Id',
        'access-control-max-age': '600',
      });
    }
    const called = await listed.send('GET', '/checkout/shop/status/1', { headers: { origin: SHOP } });
    expect([called.status, allowedOrigin(called)]).toEqual([404, SHOP]);
    expect(called.headers.get('vary')).toContain('Origin');
    expect(called.headers.get('access-control-expose-headers')).toBe(
      'X-Request-Id, Retry-After, Idempotent-Replayed',
    );
  });

  it('of any origin may with *, and none that is not listed without', async () => {
    expect(allowedOrigin(await preflight(open, '/checkout/shop/order', 'https://any.example'))).toBe('*');
    expect(allowedOrigin(await preflight(listed, '/checkout/shop/order', 'https://any.example'))).toBeNull();
    expect(
      allowedOrigin(await preflight(listed, '/checkout/shop/order', 'https://shop.example.evil')),
    ).toBeNull();
  });

  it.each([
    ['GET', '/health'],
    ['POST', '/checkout/shop/refund'],
    ['GET', '/admin/orders'],
    ['POST', '/webhooks/appmax'],
    ['GET', '/install/start'],
    ['GET', '/nowhere'],
  ])('may not call %s %s', async (method, path) => {
    const called = await open.send(method, path, {
      headers: { origin: SHOP },
      secretKey: SECRET_KEY,
      ...(method === 'POST' ? { body: {} } : {}),
    });
    const asked = await preflight(open, path);
    expect([allowedOrigin(called), allowedOrigin(asked), asked.status]).toEqual([null, null, 404]);
    expect(typeof asked.body['message']).toBe('string');
  });

  it('are told nothing where no origin is configured', async () => {
    const called = await closed.send('GET', '/checkout/shop/status/1', { headers: { origin: SHOP } });
    const asked = await preflight(closed, '/checkout/shop/order');
    const named = [...called.headers.keys(), ...asked.headers.keys()];
    expect(named.filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(asked.status).toBe(404);
  });
});
