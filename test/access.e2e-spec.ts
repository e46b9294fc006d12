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
import { type DeclaredRoute, recordDeclarations } from './support/routes';
import { freePort } from './support/servers';
import { baseEnvironment, SECRET_KEY, startService, type TestService } from './support/service';

/** Returns an address that no other test uses. */
const newAddress = (): string =>
  `10.${String(randomInt(256))}.${String(randomInt(256))}.${String(randomInt(256))}`;
const newOrderId = (): number => randomInt(1, 2_000_000_000);

const PAYMENTS = ['pay/credit-card', 'pay/pix', 'pay/boleto', 'tokenize'];

/** Returns every route of Fastify with the access and scope that it declares. */
async function routesOf(app: NestFastifyApplication): Promise<Map<string, DeclaredRoute>> {
  const routes = recordDeclarations(app);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await app.close();
  return routes;
}

/** Returns the routes without a known access, and the secret ones without a known scope. */
const undeclared = (routes: ReadonlyMap<string, DeclaredRoute>): string[] =>
  [...routes]
    .filter(([, { access = '', scope = '' }]) =>
      access === 'secret'
        ? !['read', 'operate', 'manage'].includes(scope)
        : !['public', 'storefront'].includes(access),
    )
    .map(([route]) => route);

describe('The access of routes', () => {
  it('every route declares its access, and every secret route its scope', async () => {
    const database = await createDatabase();
    const app = await createApp(parseConfig({ ...baseEnvironment(), ...database.environment }));
    const routes = await routesOf(app);
    await database.drop();
    expect(routes.size).toBeGreaterThan(20);
    expect(Object.fromEntries(routes)).toMatchObject({
      'GET /health': { access: 'public' },
      'POST /checkout/:key/order': { access: 'storefront' },
      'POST /checkout/:key/refund': { access: 'secret', scope: 'operate' },
      'GET /admin/orders/:order_id': { access: 'secret', scope: 'read' },
      'GET /installations/:key/merchant/token': { access: 'secret', scope: 'manage' },
    });
    expect(undeclared(routes)).toEqual([]);
  });

  it('this test finds a route that declares no access, an unknown one, or no scope', async () => {
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
      'GET /scopeless',
      'HEAD /misspelt',
      'HEAD /nothing',
      'HEAD /scopeless',
    ]);
    expect(routes.get('GET /declared')).toEqual({ access: 'secret', scope: 'read' });
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

    @Get('scopeless')
    @Access(...(['secret'] as unknown as ['secret', 'read']))
    scopeless(): string {
      return '';
    }

    @Get('declared')
    @Access('secret', 'read')
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

  /** Makes a number of calls. @returns how many of them are answered with 429. */
  const refused = async (count: number, one: (index: number) => Promise<Answer>): Promise<number> => {
    const answers: Answer[] = [];
    for (let index = 0; index < count; index += 1) answers.push(await one(index));
    return answers.filter(({ status }) => status === 429).length;
  };

  it('an address may pay or tokenize ten times a minute, on all routes and instances together', async () => {
    const instances = [await start({ TRUST_PROXY: '1' }), await start({ TRUST_PROXY: '1' })] as const;
    const from = newAddress();
    const one = (index: number): Promise<Answer> =>
      pay(instances[index % 2 === 0 ? 0 : 1], from, {}, PAYMENTS[index % PAYMENTS.length]);
    expect(await refused(10, one)).toBe(0);
    const answer = await one(10);
    expect([answer.status, answer.body]).toEqual([
      429,
      { message: 'too many requests: try again later', code: 'too_many_requests' },
    ]);
    const wait = Number(answer.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(50);
    expect(wait).toBeLessThanOrEqual(60);
    expect(answer.headers.get('x-request-id')).toEqual(expect.any(String));
    expect((await pay(instances[0], newAddress())).status).not.toBe(429);
    expect((await call(instances[0], 'status/1', { from })).status).toBe(404);
  });

  it('requests that are refused do not close an order, whatever address they come from', async () => {
    const service = await start({ TRUST_PROXY: '1' });
    const orderId = newOrderId();
    expect(await refused(40, () => pay(service, newAddress(), { order_id: orderId }))).toBe(0);
  });

  it('simultaneous requests are each counted', async () => {
    const instances = [await start({ TRUST_PROXY: '1' }), await start({ TRUST_PROXY: '1' })] as const;
    const from = newAddress();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => pay(instances[index % 2 === 0 ? 0 : 1], from)),
    );
    expect(answers.filter(({ status }) => status !== 429)).toHaveLength(10);
  });

  it('an address may call the other storefront routes 120 times a minute', async () => {
    const service = await start({ TRUST_PROXY: '1' });
    const from = newAddress();
    const paths = ['status/1', 'config', 'installments?total_value=100'];
    const one = (index: number): Promise<Answer> => call(service, paths[index % 3]!, { from });
    expect(await refused(120, one)).toBe(0);
    expect(await refused(3, one)).toBe(3);
    expect((await pay(service, from)).status).not.toBe(429);
  });

  it('an address may start 60 installations a minute', async () => {
    const service = await start({ TRUST_PROXY: '1' });
    const headers = { 'x-forwarded-for': newAddress() };
    const startOne = (): Promise<Answer> => service.send('GET', '/install/start?app_id=x', { headers });
    expect(await refused(60, startOne)).toBe(0);
    expect(await refused(3, startOne)).toBe(3);
  });

  it('an address may try 20 keys a minute to sign in, on all instances together', async () => {
    const instances = [await start({ TRUST_PROXY: '1' }), await start({ TRUST_PROXY: '1' })] as const;
    const signIn = (index: number, key: string, from: string): Promise<Answer> =>
      instances[index % 2 === 0 ? 0 : 1].send('POST', '/console/session', {
        body: { key },
        headers: { 'x-forwarded-for': from },
      });
    const from = newAddress();
    expect(await refused(20, (index) => signIn(index, `guess-${String(index)}`, from))).toBe(0);
    expect((await signIn(0, SECRET_KEY, from)).status).toBe(429);
    expect((await signIn(0, SECRET_KEY, newAddress())).status).toBe(200);
  });

  it('webhooks, health checks and secret routes have no rate limit', async () => {
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

  it("without a trusted proxy, the connection's address counts, not a header", async () => {
    const service = await start({ TRUST_PROXY: 'false', REDIS_DB: String(SPARE_REDIS_DATABASE) });
    expect(await refused(12, () => pay(service, newAddress()))).toBe(2);
  });

  it('with a trusted proxy, the address that it adds counts, not those before it', async () => {
    const service = await start({ TRUST_PROXY: '1' });
    const from = newAddress();
    expect(await refused(12, () => pay(service, `${newAddress()}, ${from}`))).toBe(2);
    expect((await pay(service, `${from}, ${newAddress()}`)).status).not.toBe(429);
  });

  it('an IPv6 /64 network counts as one address', async () => {
    const service = await start({ TRUST_PROXY: '1' });
    const network = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}`;
    expect(await refused(12, (index) => pay(service, `${network}::${(index + 1).toString(16)}`))).toBe(2);
  });

  it.each<[string, () => Promise<Record<string, string>>]>([
    ['without Redis', () => Promise.resolve({ CACHE_DRIVER: 'memory' })],
    ['while Redis is down', async () => ({ REDIS_PORT: String(await freePort()) })],
  ])('the limits hold for each instance %s', async (_, environment) => {
    const service = await start({ TRUST_PROXY: '1', ...(await environment()) });
    const from = newAddress();
    expect(await refused(12, () => pay(service, from))).toBe(2);
  });

  it('RATE_LIMIT=off turns all limits off', async () => {
    const service = await start({ TRUST_PROXY: '1', RATE_LIMIT: 'off' });
    const from = newAddress();
    expect(await refused(40, () => pay(service, from, { order_id: 1 }))).toBe(0);
  });
});

describe('CORS', () => {
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

  it('a page of a listed origin may send preflights to the storefront, call it and read its responses', async () => {
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

  it('CORS_ORIGINS=* allows every origin; a list allows no other', async () => {
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
  ])('a page of another origin may not call %s %s', async (method, path) => {
    const called = await open.send(method, path, {
      headers: { origin: SHOP },
      secretKey: SECRET_KEY,
      ...(method === 'POST' ? { body: {} } : {}),
    });
    const asked = await preflight(open, path);
    expect([allowedOrigin(called), allowedOrigin(asked), asked.status]).toEqual([null, null, 404]);
    expect(typeof asked.body['message']).toBe('string');
  });

  it('without a configured origin, no response has a CORS header', async () => {
    const called = await closed.send('GET', '/checkout/shop/status/1', { headers: { origin: SHOP } });
    const asked = await preflight(closed, '/checkout/shop/order');
    const named = [...called.headers.keys(), ...asked.headers.keys()];
    expect(named.filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(asked.status).toBe(404);
  });
});
