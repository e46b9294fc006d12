import { randomInt, randomUUID } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';
import { openStream } from './support/event-stream';
import type { Answer } from './support/http';
import { freePort } from './support/servers';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { cardPayment, consent, CUSTOMER, ORDER, startInstallation } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const CALLBACK = '/integrations/appmax/callback/install';
const STOREFRONT = 'https://shop.example';

/** Sends a request without any header of fetch's own. @returns the status and the headers. */
function bareRequest(
  url: string,
  method: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    })
      .on('error', reject)
      .end(body);
  });
}

/** Returns the path of installments that no other test has asked for: they are in no cache. */
const newInstallments = (): string =>
  `/checkout/shop/installments?total_value=${randomInt(10_000, 10_000_000)}`;

describe('Requests as the world sends them', () => {
  let system: TestSystem;
  let service: TestService;

  beforeAll(async () => {
    system = await startSystem({ TRUST_PROXY: '1', CORS_ORIGINS: STOREFRONT, CARD_DATA: 'raw' });
    [service] = system.services;
  });

  afterAll(async () => {
    await system.stop();
  });

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    service.send('POST', path, { body, headers });

  const newOrder = async (customer: object = {}, headers = {}): Promise<Answer> =>
    post(`/checkout/${system.key}/order`, { customer: { ...CUSTOMER, ...customer }, order: ORDER }, headers);

  /** Returns the fields of the last `POST` to a route of Appmax. */
  const lastCall = async (route: string): Promise<Record<string, unknown>> => {
    const { body } = await system.simulator.send('GET', '/_simulator/requests?limit=50');
    const { requests } = body as unknown as { requests: { path: string; body: Record<string, unknown> }[] };
    return requests.find(({ path }) => path === route)!.body;
  };

  const calls = async (): Promise<unknown> =>
    (await system.simulator.send('GET', '/_simulator/requests')).body['total'];

  describe('Addresses', () => {
    it.each([
      ['203.0.113.9:52100', '203.0.113.9'],
      ['::ffff:203.0.113.9', '203.0.113.9'],
      ['[2001:db8::7]:443', '2001:db8::7'],
      ['"203.0.113.9"', '203.0.113.9'],
      ['198.51.100.1, 203.0.113.9:1', '203.0.113.9'],
      ['unknown', '127.0.0.1'],
      ['203.0.113.9, not-an-address', '127.0.0.1'],
    ])('with X-Forwarded-For %s, Appmax gets the address %s', async (forwarded, expected) => {
      expect((await newOrder({}, { 'x-forwarded-for': forwarded })).status).toBe(200);
      expect((await lastCall('/v1/customers'))['ip']).toBe(expected);
    });

    it.each([
      ['203.0.113.9:52100', '203.0.113.9'],
      ['::FFFF:203.0.113.9', '203.0.113.9'],
      ['[2001:db8::7]', '2001:db8::7'],
      [' 203.0.113.9 ', '203.0.113.9'],
    ])('with the customer.ip %s, Appmax gets the address %s', async (ip, expected) => {
      expect((await newOrder({ ip })).status).toBe(200);
      expect((await lastCall('/v1/customers'))['ip']).toBe(expected);
    });

    it('neither a port nor another form of an address evades a limit, and a /48 network has one of its own', async () => {
      const limited = await startService({
        ...system.environment,
        APP_PORT: String(await freePort()),
        RATE_LIMIT: 'on',
        CACHE_DRIVER: 'memory',
      });
      const refused = async (addresses: readonly string[]): Promise<number> => {
        let count = 0;
        for (const from of addresses) {
          const headers = { 'x-forwarded-for': from };
          const answer = await limited.send('POST', '/checkout/shop/pay/pix', { headers, body: {} });
          if (answer.status === 429) count += 1;
        }
        return count;
      };
      const many = (count: number, form: (index: number) => string): string[] =>
        Array.from({ length: count }, (_, index) => form(index));
      expect(await refused(many(12, (index) => `203.0.113.20:${index + 1}`))).toBe(2);
      expect(await refused(['::ffff:203.0.113.20', '[::ffff:203.0.113.20]:9', '203.0.113.20'])).toBe(3);
      expect(await refused(many(12, (index) => `[2001:db8:5:6::${index}]:443`))).toBe(2);
      expect(await refused(many(102, (index) => `2001:db8:7:${index.toString(16)}::1`))).toBe(2);
      expect(await refused(many(3, (index) => `2001:db8:8:${index}::1`))).toBe(0);
      await limited.stop();
    });
  });

  describe('Fields', () => {
    it('an order is made from a form with blanks, marks, masks and empty fields', async () => {
      const answer = await newOrder({
        first_name: ' Marina\u00a0',
        email: '\u202amarina.souza@example.com\u202c',
        document_number: ' 529.982.247-25 ',
        ip: '',
        address: { postcode: '', street: ' ', number: '', complement: '', district: '', city: '', state: '' },
        tracking: { utm_source: '', utm_campaign: ' ' },
      });
      expect(answer.status).toBe(200);
      const sent = await lastCall('/v1/customers');
      expect(sent).not.toHaveProperty('address');
      expect([sent['first_name'], sent['ip']]).toEqual(['Marina', '127.0.0.1']);
    });

    it.each(['', '  ', '\u200b\u2060', '\u3164'])(
      'a required field of blanks is missing: %j',
      async (last_name) => {
        const answer = await newOrder({ last_name });
        expect([answer.status, answer.body['errors']]).toEqual([
          400,
          [{ field: 'customer.last_name', message: expect.any(String) as string }],
        ]);
      },
    );

    it.each([149.9, '149,90', '149.90', 'R$ 149,90'])(
      'the amount %j is refused as not in cents',
      async (value) => {
        const answer = await post(`/checkout/${system.key}/order`, {
          customer: CUSTOMER,
          order: { ...ORDER, products_value: value },
        });
        expect(answer.status).toBe(400);
        expect(JSON.stringify(answer.body['errors'])).toMatch(/order\.products_value.*cents/);
      },
    );

    it.each(['12.abc.345/01de-35', '12abc34501de35', ' 12ABC34501DE35 '])(
      'a boleto for the CNPJ %s is made with capital letters',
      async (document_number) => {
        const { body } = await newOrder();
        const answer = await post('/checkout/shop/pay/boleto', {
          order_id: body['order_id'],
          document_number,
        });
        expect(answer.status).toBe(200);
        expect(JSON.stringify(await lastCall('/v1/payments/boleto'))).toContain('12ABC34501DE35');
      },
    );

    it('a payment with blank ids creates an order', async () => {
      const paid = await post(`/checkout/${system.key}/pay/credit-card`, {
        order_id: '',
        customer_id: ' ',
        customer: CUSTOMER,
        order: { ...ORDER, discount_value: '' },
        payment: { ...cardPayment(), token: '', installments: '', holder_document_number: '529.982.247-25' },
        subscription: null,
      });
      expect([paid.status, paid.body['status']]).toEqual([200, 'aprovado']);
    });
  });

  describe('Paths', () => {
    it.each([
      ['GET', '/health/'],
      ['GET', '//health'],
      ['GET', '/health//ready/'],
      ['GET', '/checkout//shop/config'],
      ['GET', '/checkout/shop/installments/?total_value=1000'],
      ['GET', '//admin///orders/?limit=1'],
    ])('%s %s reaches its route', async (method, path) => {
      const { status } = await bareRequest(`${service.url}${path}`, method, {
        authorization: `Bearer ${SECRET_KEY}`,
      });
      expect(status).toBe(200);
    });

    it('a request and its repeat with another slash are one request', async () => {
      const key = randomUUID();
      const send = (path: string): Promise<Answer> =>
        post(path, { customer: CUSTOMER, order: ORDER }, { 'idempotency-key': key });
      const first = await send('/checkout/shop/order');
      for (const path of ['/checkout/shop/order/', '//checkout/shop//order']) {
        const again = await bareRequest(
          `${service.url}${path}`,
          'POST',
          { 'content-type': 'application/json', 'idempotency-key': key },
          JSON.stringify({ customer: CUSTOMER, order: ORDER }),
        );
        expect([again.status, again.body, again.headers['idempotent-replayed']]).toEqual([
          200,
          first.text,
          'true',
        ]);
      }
    });

    it('HEAD calls nothing at Appmax and uses up no installation', async () => {
      const callback = await consent(service, system.simulator, 'head-shop');
      const query = `app_id=${system.simulator.appIdUuid}&external_key=head-2`;
      const paths = [
        callback,
        `/install/start?${query}`,
        '/checkout/shop/installments?total_value=1000',
        '/installations/shop/merchant/token',
      ];
      const before = await calls();
      for (const path of paths) {
        for (const accept of ['*/*', BROWSER]) {
          const { status } = await service.send('HEAD', path, { secretKey: SECRET_KEY, headers: { accept } });
          expect([path, status]).toEqual([path, 200]);
        }
      }
      expect(await calls()).toBe(before);
      expect(
        await system.database.query("SELECT 1 FROM installation_starts WHERE external_key = 'head-2'"),
      ).toEqual([]);
      expect((await service.send('GET', callback)).body['external_id']).toEqual(expect.any(String));
    });

    it.each([
      ['/install/start', 400],
      [CALLBACK, 400],
      ['/checkout/nobody/config', 404],
      ['/installations/shop/merchant/token', 401],
      ['/health', 200],
    ])('HEAD %s is answered with the status of GET', async (path, status) => {
      expect((await service.send('HEAD', path, { headers: { accept: '*/*' } })).status).toBe(status);
    });

    it.each([
      ['/admin/orders/2147483647/refresh', 404],
      ['/admin/webhook-events/2147483647/replay', 404],
      ['/admin/webhook-events/x/replay', 400],
    ])('POST %s with a JSON type and no body is answered %d', async (path, status) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await service.send('POST', path, { headers, secretKey: SECRET_KEY });
      expect([answer.status, answer.body['message']]).not.toEqual([400, 'invalid request body']);
      expect(answer.status).toBe(status);
    });

    it.each(['/checkout/shop/order', '/checkout/shop/refund', '/webhooks/appmax', CALLBACK])(
      'POST %s, which needs a body, is answered 400 without one',
      async (path) => {
        for (const body of ['', ' \n', '\ufeff']) {
          const answer = await post(path, body, { authorization: `Bearer ${SECRET_KEY}` });
          expect([path, answer.status, answer.body['message']]).toEqual([path, 400, 'invalid request body']);
        }
      },
    );

    it.each(['.', '..', ' . ', '\u200b..', '店'.repeat(200)])(
      'the key %j can not be installed',
      async (key) => {
        const start = await startInstallation(service, system.simulator, key, SECRET_KEY);
        expect([start.status, start.body['message']]).toEqual([400, 'invalid external_key']);
        const check = await post(CALLBACK, {
          app_id: Number(system.simulator.appIdNumeric),
          external_key: key.trim(),
          client_key: key.trim(),
          client_id: 'x',
          client_secret: 'y',
        });
        if (key !== '\u200b..')
          expect([check.status, check.body['message']]).toEqual([400, 'invalid request body']);
      },
    );
  });

  describe('Headers', () => {
    it.each(['bearer', 'BEARER', 'Bearer ', 'bEaReR  '])('the scheme "%s" is accepted', async (scheme) => {
      const headers = { authorization: `${scheme} ${SECRET_KEY}` };
      expect((await service.send('GET', '/admin/orders', { headers })).status).toBe(200);
    });

    it.each([
      'APPLICATION/JSON',
      'application/json; charset=utf-8',
      'application/json;charset="UTF-8"',
      'application/json ; charset=utf-8; x=y',
      'application/json;',
    ])('a body of the type %s is read', async (type) => {
      expect((await newOrder({}, { 'content-type': type })).status).toBe(200);
    });

    it.each([
      ['text/html;q=0.2, application/json', 'application/json'],
      ['application/json;q=0.2, text/html', 'text/html'],
      ['TEXT/HTML', 'text/html'],
      ['*/*', 'application/json'],
      ['text/html;q=0, */*', 'application/json'],
    ])('with Accept: %s the health is answered as %s', async (accept, type) => {
      const answer = await service.send('GET', '/health', { headers: { accept } });
      expect(answer.headers.get('content-type')).toContain(type);
    });

    it.each(['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '"order 4711"', 'order-4711', '"a\\"b"'])(
      'the Idempotency-Key %s is accepted, and its repeat is answered alike',
      async (key) => {
        const headers = { 'idempotency-key': key };
        const first = await newOrder({ first_name: key.replace(/\W/g, '') }, headers);
        const again = await newOrder({ first_name: key.replace(/\W/g, '') }, headers);
        expect([first.status, again.text]).toEqual([200, first.text]);
      },
    );

    it.each(['order 4711', '"open', '"a"b"', ' ', 'ação'.normalize('NFD').replace(/\p{M}/gu, '\u00e9')])(
      'the Idempotency-Key %j is refused',
      async (key) => {
        const { status } = await bareRequest(
          `${service.url}/checkout/shop/order`,
          'POST',
          { 'content-type': 'application/json', 'idempotency-key': key },
          '{}',
        );
        expect(status).toBe(400);
      },
    );

    it.each(['1', '0', 'x', '"3"', '-1', '9'.repeat(40), ''])(
      'a stream with Last-Event-ID %j begins with the present status',
      async (id) => {
        const { body } = await newOrder();
        const client = await openStream(
          `${service.url}/checkout/shop/status/${String(body['order_id'])}/stream/`,
          { 'last-event-id': id, 'cache-control': 'no-cache' },
        );
        for (let look = 0; client.events.length === 0 && look < 100; look += 1)
          await new Promise((resolve) => setTimeout(resolve, 50));
        client.close();
        expect(client.events[0]).toMatchObject({ status: 'pendente' });
      },
    );

    it.each([
      'order',
      'pay/credit-card',
      'pay/pix',
      'pay/boleto',
      'status/1',
      'status/1/stream',
      'config',
      'installments',
      'tokenize',
      'upsell',
    ])("a fetch-based client's preflight of /checkout/:key/%s passes", async (path) => {
      const wanted = [
        'accept',
        'cache-control',
        'content-type',
        'idempotency-key',
        'last-event-id',
        'pragma',
      ];
      for (const names of [wanted.join(','), wanted.join(', ').toUpperCase(), 'Last-Event-ID']) {
        for (const slash of ['', '/']) {
          const asked = await service.send('OPTIONS', `/checkout/shop/${path}${slash}`, {
            headers: {
              origin: STOREFRONT,
              'access-control-request-method': 'GET',
              'access-control-request-headers': names,
            },
          });
          const allowed = (asked.headers.get('access-control-allow-headers') ?? '').toLowerCase().split(', ');
          expect(asked.status).toBe(204);
          expect(allowed).toEqual(expect.arrayContaining(names.toLowerCase().split(/, ?/)));
          expect(allowed).not.toContain('authorization');
        }
      }
    });

    it.each<[string, object]>([
      ['seconds', { 'retry-after': '7' }],
      ['an HTTP date', { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }],
      [
        'an old HTTP date',
        {
          'retry-after': new Date(Date.now() + 60_000)
            .toUTCString()
            .replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1 $3 $2 $5 $4'),
        },
      ],
    ])('Retry-After as %s of Appmax reaches the client in seconds', async (_, headers) => {
      await system.control.addFault({
        kind: 'status',
        route: 'POST /v1/orders',
        status: 429,
        message: 'Too many requests',
        headers: headers as Record<string, string>,
      });
      const answer = await newOrder();
      expect(answer.status).toBe(503);
      const seconds = Number(answer.headers.get('retry-after'));
      expect(seconds).toBeGreaterThanOrEqual(7);
      expect(seconds).toBeLessThanOrEqual(60);
    });

    it.each([
      ['a path', '/v1/payments/installments?again'],
      ['a relative path', 'installments?again'],
      ['a host', `//HOST/v1/payments/installments?again`],
    ])('a redirect of Appmax to %s is followed', async (_, location) => {
      await system.control.addFault({
        kind: 'status',
        route: 'POST /v1/payments/installments',
        status: 308,
        headers: {
          location: location.replace('HOST', new URL(system.simulator.url).host),
          'content-type': 'Text/HTML; charset=UTF-8',
        },
      });
      const answer = await service.send('GET', newInstallments());
      expect(answer.status).toBe(200);
    });

    it('a redirect of Appmax to another host, or of an order that it may have made, is not followed', async () => {
      const before = await calls();
      await system.control.addFault({
        kind: 'status',
        route: 'POST /v1/payments/installments',
        status: 307,
        headers: { location: 'http://localhost:1/v1/payments/installments' },
      });
      expect((await service.send('GET', newInstallments())).status).toBe(502);
      await system.control.addFault({
        kind: 'status',
        route: 'POST /v1/orders',
        status: 308,
        headers: { location: '/v1/orders?again' },
      });
      expect((await newOrder()).status).toBe(502);
      expect(Number(await calls()) - Number(before)).toBe(3);
    });
  });

  describe('Pages of an installation', () => {
    const read = (path: string, language?: string): Promise<Answer> =>
      service.send('GET', path, {
        headers: { accept: BROWSER, ...(language === undefined ? {} : { 'accept-language': language }) },
      });

    it.each<[string | undefined, string, string]>([
      [undefined, 'pt-BR', 'Esta loja já está instalada'],
      ['pt-BR,pt;q=0.9,en;q=0.8', 'pt-BR', 'Esta loja já está instalada'],
      ['fr', 'pt-BR', 'Esta loja já está instalada'],
      ['en-US,en;q=0.9', 'en', 'This shop is already installed'],
    ])(
      'the install link of an installed shop, for a reader of %s, says so',
      async (reader, language, text) => {
        const path = `/install/start?app_id=${system.simulator.appIdUuid}&external_key=${system.key}`;
        const answer = await read(path, reader);
        expect([answer.status, answer.headers.get('vary')]).toEqual([
          401,
          expect.stringContaining('Accept-Language'),
        ]);
        expect(answer.text).toContain(`<html lang="${language}">`);
        expect(answer.text).toContain(text);
        expect(answer.text).toContain('href="/install/start"');
        const json = await service.send('GET', path, { headers: { accept: 'application/json' } });
        expect([json.status, json.body]).toEqual([401, { message: 'unauthorized', code: 'unauthorized' }]);
      },
    );

    it.each<[string | undefined, string, string]>([
      [undefined, 'pt-BR', 'Não foi possível confirmar a instalação'],
      ['pt', 'pt-BR', 'Não foi possível confirmar a instalação'],
      ['en', 'en', 'The installation could not be confirmed'],
    ])(
      'a callback with an unknown or used token, for a reader of %s, is not confirmed',
      async (reader, language, text) => {
        const used = await consent(service, system.simulator, `used-${randomInt(1e9)}`);
        const first = await read(used, 'pt-BR');
        expect(first.text).toContain('<h1>Instalado</h1>');
        for (const path of [`${CALLBACK}?token=${randomUUID()}`, used]) {
          const answer = await read(path, reader);
          expect(answer.status).toBe(200);
          expect(answer.text).toContain(`<html lang="${language}">`);
          expect(answer.text).toContain(`<h1>${text}</h1>`);
          expect(answer.text).not.toMatch(/<h1>(Installed|Instalado)/);
          expect(answer.text).toContain('href="/install/start"');
          const json = await service.send('GET', path);
          expect([json.status, json.body]).toEqual([200, { message: 'installation confirmed' }]);
        }
      },
    );

    it('a callback that Appmax refuses is not confirmed, with the reason', async () => {
      const callback = await consent(service, system.simulator, 'expired-shop');
      await system.control.addFault({
        kind: 'status',
        route: 'POST /app/client/generate',
        status: 422,
        message: 'The token has expired',
      });
      const answer = await read(callback, 'en');
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('The installation could not be confirmed');
      expect(answer.text).toContain('The token has expired');
    });

    it.each([
      ['/install/start', '<button type="submit" class="button primary">Instalar</button>'],
      [CALLBACK, '<h1>Pronto</h1>'],
      ['/install/start?app_id=x&external_key=y', '<h1>Não deu certo</h1>'],
    ])('%s is in Portuguese for a reader of Portuguese', async (path, text) => {
      expect((await read(path, 'pt-BR')).text).toContain(text);
      expect((await read(path, 'en')).text).not.toContain(text);
    });
  });
});
