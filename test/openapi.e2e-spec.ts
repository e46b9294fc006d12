import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { createApp } from '../src/app.setup';
import { ORDER_STATUSES } from '../src/appmax';
import { ERROR_CODES } from '../src/common/errors/error-codes';
import { VERSION } from '../src/common/version';
import { parseConfig } from '../src/config/config';
import { createDatabase, type TestDatabase } from './support/database';
import { generateClient } from './support/openapi/client';
import { type OpenApi, routesOf } from './support/openapi/document';
import { PAGES } from './support/openapi/pages';
import { baseEnvironment, startService, type TestService } from './support/service';
import { cardPayment, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

/** The public URL of the service in the document. */
const PUBLIC_URL = 'https://checkout.loja.test';

describe('The OpenAPI document', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let service: TestService;
  let json: string;
  let document: OpenApi & { readonly openapi: string; readonly servers: readonly { readonly url: string }[] };

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    service = await startService({ ...database.environment, ...simulator.environment });
    json = (await service.send('GET', '/openapi.json')).text;
    document = JSON.parse(json) as typeof document;
  });

  afterAll(async () => {
    await service.stop();
    await Promise.all([simulator.stop(), database.drop()]);
  });

  it('docs/errors.md and the document list every code of an error that a route documents', async () => {
    const [, listed] = document.components.schemas['ErrorAnswer']!.properties!['code']!.anyOf!.map(
      ({ enum: values }) => values,
    ).reverse();
    const documented = [...json.matchAll(/"code":"([a-z0-9_]+)"/g)].map(([, code]) => code!);
    expect(documented.length).toBeGreaterThan(100);
    expect(documented.filter((code) => !listed!.includes(code))).toEqual([]);
    const check = spawn(process.execPath, ['tools/error-docs.mjs', '--check'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    expect(await text(check.stderr)).toBe('');
  });

  it('the generated part of the client is that of the document', async () => {
    const check = spawn(process.execPath, ['tools/generate-client.mjs', '--check'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    expect(await text(check.stderr)).toBe('');
  });

  it('every code that the documentation lists belongs to an error of a route, or to a request without one', () => {
    const documented = new Set([...json.matchAll(/"code":"([a-z0-9_]+)"/g)].map(([, code]) => code));
    const unused = ERROR_CODES.map(([code]) => code).filter((code) => !documented.has(code));
    expect(unused).toEqual(['not_found', 'request_refused', 'request_superseded', 'request_too_slow']);
  });

  it('statuses are an open enum, the header of the stream is optional, and the webhook is listed as one', () => {
    const { status } = document.components.schemas['StatusAnswer']!.properties!;
    expect(status!.anyOf).toEqual([{ type: 'string', enum: ORDER_STATUSES }, { type: 'string' }]);
    for (const path of ['/checkout/{key}/status/{order_id}/stream', '/pay/{session}/stream']) {
      const headers = document.paths[path]!['get']!.parameters.filter(
        (parameter) => parameter.in === 'header',
      );
      expect([path, headers]).toEqual([
        path,
        [expect.objectContaining({ name: 'Last-Event-ID', required: false })],
      ]);
    }
    expect(document).toMatchObject({
      info: { title: 'Appmax Checkout', version: VERSION },
      webhooks: { appmaxEvent: { $ref: '#/paths/~1webhooks~1appmax' } },
      components: {
        securitySchemes: { secretKey: { type: 'http', scheme: 'bearer', bearerFormat: 'secret key' } },
      },
    });
  });

  it('the first example of each pay route succeeds with the example of its key', async () => {
    const [, { parameters }] = Object.entries(document.paths['/checkout/{key}/pay/pix']!)[0]!;
    const { example } = parameters.find(({ name }) => name === 'key') as { readonly example?: string };
    await install(service, simulator, example!);
    for (const method of ['credit-card', 'pix', 'boleto']) {
      const { requestBody } = document.paths[`/checkout/{key}/pay/${method}`]!['post']!;
      const [first] = Object.values(requestBody!.content['application/json']!.examples!);
      const paid = await service.send('POST', `/checkout/${example!}/pay/${method}`, { body: first!.value });
      expect([method, paid.status, paid.body['code']]).toEqual([method, 200, undefined]);
    }
  });

  it('the document is OpenAPI 3.1 with the public URL of the service', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.servers.map(({ url }) => url)).toEqual([service.url]);
  });

  it("the document passes a public linter's recommended rules without a warning", async () => {
    const published = json.replaceAll(service.url, PUBLIC_URL);
    const linter = spawn(process.execPath, [join(__dirname, 'support', 'openapi', 'lint.mjs')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    linter.stdin.end(published);
    expect(JSON.parse(await text(linter.stdout))).toEqual([]);
  });

  it('the document has exactly the routes of the service, without its pages', async () => {
    const pages = Object.keys(PAGES).map((path) => `GET ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    const registered = (await registeredRoutes(database)).filter((route) => !pages.includes(route));
    const documented = routesOf(document).map(
      ({ method, template }) => `${method.toUpperCase()} ${template.replace(/\{(\w+)\}/g, ':$1')}`,
    );
    expect(documented.sort()).toEqual(registered.sort());
  });

  it('every route has a unique id, a summary, and tags with a description', () => {
    const operations = routesOf(document).map(({ operation }) => operation);
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/);
    const areas = new Set(document.tags.map(({ name }) => name));
    for (const { operationId, summary, tags } of operations) {
      expect([operationId, summary, tags.filter((tag) => !areas.has(tag))]).toEqual([
        operationId,
        expect.stringMatching(/\S/),
        [],
      ]);
      expect(tags).not.toEqual([]);
    }
  });

  it('every field of every body has an example', () => {
    const bare = Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, { examples, items, allOf, $ref }]) => (examples ?? items ?? allOf ?? $ref) === undefined)
        .map(([field]) => `${name}.${field}`),
    );
    expect(bare).toEqual([]);
  });

  it('the documentation page loads only files that the service itself serves', async () => {
    const page = await service.send('GET', '/docs');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(page.text).not.toMatch(/<script>|https?:|\/\//);
    const files = [...page.text.matchAll(/(?:href|src)="(docs\/[^"]+)"/g)].map(([, file]) => file!);
    expect(files).toHaveLength(4);
    for (const file of files) {
      const answer = await service.send('GET', `/${file}`);
      expect([file, answer.status]).toEqual([file, 200]);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it.each(['package.json', '..%2fpackage.json', '%2e%2e%2fpackage.json', 'constructor', '__proto__', '%00'])(
    'the documentation does not serve the file %s',
    async (file) => {
      expect((await service.send('GET', `/docs/${file}`)).status).toBe(404);
    },
  );

  it('a client that a public generator makes from the document can pay an order', async () => {
    const key = 'generated client';
    await install(service, simulator, key);
    const client = await generateClient(json, PROGRAM);
    try {
      expect(client.problems).toEqual([]);
      const { createOrder, payByCard, getStatus } = client.functions;
      const call = { baseUrl: service.url, path: { key } };
      const made = await createOrder!({ ...call, body: { customer: CUSTOMER, order: ORDER } });
      expect([made.error, made.response.status]).toEqual([undefined, 200]);
      const { order_id, customer_id } = made.data!;
      const paid = await payByCard!({ ...call, body: { order_id, customer_id, payment: cardPayment() } });
      expect(paid.data).toMatchObject({ order_id, status: 'aprovado' });
      const status = await getStatus!({ ...call, path: { key, order_id } });
      expect(status.data).toEqual({ status: 'aprovado' });
    } finally {
      rmSync(client.directory, { recursive: true, force: true });
    }
  });
});

describe('Requests that reach no route', () => {
  let database: TestDatabase;
  let service: TestService;

  beforeAll(async () => {
    database = await createDatabase();
    service = await startService({ ...database.environment });
  });

  afterAll(async () => {
    await service.stop();
    await database.drop();
  });

  it.each([
    ['is not HTTP', 'hello\r\n\r\n', 400],
    [
      'has headers of 20 KiB',
      `GET /health HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_480)}\r\n\r\n`,
      431,
    ],
    [
      'has an invalid percent-encoding',
      'GET /checkout/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      400,
    ],
    [
      'has an invalid percent-encoding and a method without routes',
      'PUT /checkout/x/%E9/y HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      404,
    ],
    [
      'has a path segment that is too long',
      `GET /checkout/${'x'.repeat(2_000)}/config HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      414,
    ],
  ])('a request that %s is answered with a message, like every error', async (_, request, status) => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write(request);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/\r\nX-Request-Id: [\w-]{36}(\r\n|$)/i);
    expect(JSON.parse(body)).toEqual({
      message: expect.any(String) as string,
      code: expect.any(String) as string,
    });
  });
});

/** A program that uses the types of the generated client, as a shop would. */
const PROGRAM = `import { createOrder, getStatus, payByCard } from './index';

export async function buy(key: string): Promise<string | undefined> {
  const call = { baseUrl: 'http://localhost', path: { key } };
  const { data } = await createOrder({
    ...call,
    body: {
      customer: { first_name: 'A', last_name: 'B', email: 'a@b.co', phone: '1', document_number: '2' },
      order: { products_value: 1, products: [{ sku: 's', name: 'n', quantity: 1, unit_value: 1 }] },
    },
  });
  if (data === undefined) return undefined;
  const orderId: number = data.order_id;
  const payment = { token: 't', holder_name: 'A', holder_document_number: '2' };
  const { data: paid, error } = await payByCard({ ...call, body: { order_id: orderId, payment } });
  const status = await getStatus({ ...call, path: { key, order_id: orderId } });
  return paid?.status ?? error?.errors?.[0]?.field ?? error?.message ?? status.data?.status;
}
`;

/** Returns Fastify's routes, such as `GET /checkout/:key/config`, without HEAD, which every GET has. */
async function registeredRoutes(database: TestDatabase): Promise<string[]> {
  const app = await createApp(parseConfig({ ...baseEnvironment(), ...database.environment }));
  const routes: string[] = [];
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', ({ method, url }) => {
    const methods = [method].flat().filter((name) => name !== 'HEAD');
    routes.push(...methods.map((name) => `${name} ${url}`));
  });
  await app.init();
  await app.close();
  return routes;
}
