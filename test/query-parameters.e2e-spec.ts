import { randomInt } from 'node:crypto';
import type { Answer } from './support/http';
import { SECRET_KEY, type TestService } from './support/service';
import { consent, CUSTOMER, ORDER } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const CALLBACK = '/integrations/appmax/callback/install';

describe('Query parameters', () => {
  let system: TestSystem;
  let service: TestService;

  beforeAll(async () => {
    system = await startSystem();
    [service] = system.services;
  });

  afterAll(async () => {
    await system.stop();
  });

  const post = (path: string, body: unknown): Promise<Answer> => service.send('POST', path, { body });

  const calls = async (): Promise<unknown> =>
    (await system.simulator.send('GET', '/_simulator/requests')).body['total'];

  it.each([
    ['/admin/orders?stauts=aprovado', 'stauts'],
    ['/admin/operations?limit=ten', 'limit'],
    ['/admin/webhook-events?processed=1', 'processed'],
    ['/admin/installations?external_key=shop&pg=2', 'pg'],
  ])('%s is refused by the name of the query parameter %s', async (path, field) => {
    const answer = await service.send('GET', path, { secretKey: SECRET_KEY });
    expect([answer.status, answer.body]).toEqual([
      400,
      {
        message: 'invalid query parameters',
        code: 'invalid_query_parameters',
        errors: [{ field, message: expect.stringContaining(field) as string }],
      },
    ]);
  });

  it.each([
    ['GET', 'status/1?order_tokn=x', 'order_tokn'],
    ['GET', 'status/1?order_token=x&order_token=y', 'order_token'],
    ['GET', 'status/1/stream?lastEventId=3', 'lastEventId'],
    ['GET', 'config?environment=sandbox', 'environment'],
    ['GET', 'installments?total_value=1000&instalments=3', 'instalments'],
    ['GET', 'installments?total_value=1000&total_value=2000', 'total_value'],
    ['GET', 'installments?total_value[a]=1000', 'total_value[a]'],
    ['POST', 'order?dry_run=true', 'dry_run'],
    ['POST', 'pay/credit-card?installments=3', 'installments'],
    ['POST', 'pay/pix?order_token=x&order_token=y', 'order_token'],
    ['POST', 'pay/boleto?__proto__=x', '__proto__'],
    ['POST', 'refund?type=total', 'type'],
  ])('%s /checkout/:key/%s is refused by the name of the query parameter %s', async (method, path, field) => {
    const before = await calls();
    const answer = await service.send(method, `/checkout/${system.key}/${path}`, {
      secretKey: SECRET_KEY,
      ...(method === 'POST' ? { body: { customer: CUSTOMER, order: ORDER } } : {}),
    });
    expect([answer.status, answer.body]).toEqual([
      400,
      {
        message: 'invalid query parameters',
        code: 'invalid_query_parameters',
        errors: [{ field, message: expect.stringContaining(field) as string }],
      },
    ]);
    expect(await calls()).toBe(before);
  });

  it('every unknown query parameter is named, and a secret key is checked first', async () => {
    const path = '/installations/shop/merchant/token?a=1&b=2';
    const answer = await service.send('GET', path, { secretKey: SECRET_KEY });
    const fields = (answer.body['errors'] as { field: string }[]).map((error) => error.field);
    expect([answer.status, fields]).toEqual([400, ['a', 'b']]);
    expect((await service.send('GET', path)).status).toBe(401);
  });

  it.each(['abc', '-100', '0', '1e3', '149,90', '99999999999'])(
    'the total_value %s is refused by a message that names it',
    async (value) => {
      const answer = await service.send('GET', `/checkout/shop/installments?total_value=${value}`);
      expect([answer.status, answer.body['message']]).toEqual([400, 'total_value is required']);
    },
  );

  it.each(['status/1', 'config', 'installments?total_value=1000&installments=2'])(
    "a browser library's parameter against caches is no error: /checkout/:key/%s",
    async (path) => {
      const url = `/checkout/${system.key}/${path}`;
      const answer = await service.send('GET', `${url}${path.includes('?') ? '&' : '?'}_=1732734000000`);
      expect([answer.status, answer.text]).toEqual(
        await service.send('GET', url).then(({ status, text }) => [status, text]),
      );
    },
  );

  it.each(['utm_source=appmax&utm_campaign=store', 'fbclid=IwAR0x', 'site_id=7&external_key=other'])(
    'links and redirects with other parameters work on public routes: %s',
    async (others) => {
      const key = `with-parameters-${randomInt(1e9)}`;
      const app = `app_id=${system.simulator.appIdUuid}`;
      const start = others.includes('external_key')
        ? `${app}&external_key=${key}&site_id=7`
        : `${app}&external_key=${key}&${others}`;
      const started = await service.send('GET', `/install/start?${start}`, {
        headers: { accept: BROWSER },
      });
      expect(started.status).toBe(302);
      const callback = await consent(service, system.simulator, key);
      const finished = await service.send('GET', `${callback}&${others}`);
      expect([finished.status, finished.body['external_id']]).toEqual([200, expect.any(String)]);
      for (const path of ['/health', '/health/ready', '/', '/docs', '/webhooks/appmax'])
        expect([path, (await service.send('GET', `${path}?${others}`)).status]).toEqual([path, 200]);
      const webhook = { event: 'customer_created', data: { id: 1 } };
      expect((await post(`/webhooks/appmax?${others}`, webhook)).status).toBe(200);
    },
  );

  it.each([
    [`/install/start?app_id=a&app_id=b&external_key=shop`, 'app_id'],
    [`/install/start?app_id=a&external_key=shop&external_key=other`, 'external_key'],
    [`${CALLBACK}?token=a&token=b`, 'token'],
  ])(
    '%s is refused by the name of the repeated parameter, and a browser gets a page',
    async (path, field) => {
      const answer = await service.send('GET', path, { headers: { accept: 'application/json' } });
      expect([answer.status, answer.body['errors']]).toEqual([
        400,
        [{ field, message: `${field} must be given once` }],
      ]);
      const page = await service.send('GET', path, { headers: { accept: BROWSER } });
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.text).not.toMatch(/<h1>(Installed|Instalado)/);
    },
  );
});
