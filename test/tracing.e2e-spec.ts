import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SimulatorControl } from '../simulator/control-client';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { OtlpReceiver, type ReceivedSpan } from './support/otlp-receiver';
import { Receiver } from './support/receiver';
import { baseEnvironment, SECRET_KEY, type ServiceProcess, spawnService } from './support/service';
import { cardPayment, CPF, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

const KEY = 'traced-shop';
const WEBHOOK_TOKEN = 'token-of-webhooks-in-a-query';
const SERVER = 2;
const CLIENT = 3;
const DECLINED = '4000000000000002';

/** Returns a caller's trace id, and the header that names it. */
function callersTrace(digit: string): { traceId: string; spanId: string; headers: Record<string, string> } {
  const [traceId, spanId] = [digit.repeat(32), digit.repeat(16)];
  return { traceId, spanId, headers: { traceparent: `00-${traceId}-${spanId}-01` } };
}

describe('Traces', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let control: SimulatorControl;
  let receiver: OtlpReceiver;
  let shop: Receiver;
  let service: ServiceProcess;

  beforeAll(async () => {
    [database, simulator, receiver, shop] = await Promise.all([
      createDatabase(),
      startSimulator(),
      OtlpReceiver.start(),
      new Receiver().start(),
    ]);
    control = new SimulatorControl(simulator.url);
    await control.change({ rate_limits: false });
    service = await spawnService({
      ...database.environment,
      ...simulator.environment,
      LOG_LEVEL: 'info',
      WEBHOOK_TOKEN,
      NOTIFY_ALLOW_PRIVATE: 'on',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-receiver-key=key%201',
      OTEL_SERVICE_NAME: 'traced-checkout',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    });
    await install(service, simulator, KEY);
    await control.changeMerchant(KEY, {
      webhook_url: `${service.url}/webhooks/appmax?token=${WEBHOOK_TOKEN}`,
    });
    const endpoint = await service.send('POST', '/admin/endpoints', {
      secretKey: SECRET_KEY,
      body: { url: shop.url, description: 'the shop' },
    });
    expect(endpoint.status).toBe(200);
  });

  afterAll(async () => {
    await service.stop();
    await Promise.all([simulator.stop(), database.drop(), receiver.stop(), shop.stop()]);
  });

  /** Returns the spans of a trace, once one with each of the names is there. */
  const spansOf = (traceId: string, ...names: string[]): Promise<ReceivedSpan[]> =>
    eventually(() => {
      const spans = receiver.ofTrace(traceId);
      expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
      return Promise.resolve(spans);
    });

  const pay = async (headers: Record<string, string> = {}): Promise<number> => {
    const answer = await service.send('POST', `/checkout/${KEY}/pay/pix`, {
      headers,
      body: { customer: CUSTOMER, order: ORDER, document_number: CPF },
    });
    expect(answer.status).toBe(200);
    return Number(answer.body['order_id']);
  };

  const makeOrder = async (): Promise<unknown> => {
    const body = { customer: CUSTOMER, order: ORDER };
    return (await service.send('POST', `/checkout/${KEY}/order`, { body })).body['order_id'];
  };

  const payByCard = (order: unknown, number: string, headers: Record<string, string>) =>
    service.send('POST', `/checkout/${KEY}/pay/credit-card`, {
      headers,
      body: { order_id: order, payment: cardPayment(number) },
    });

  const lines = (): Record<string, unknown>[] =>
    service
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it("a payment is one trace, which continues the caller's and goes on at Appmax", async () => {
    const caller = callersTrace('a');
    await pay(caller.headers);
    const spans = await spansOf(caller.traceId, 'POST /checkout/:key/pay/pix');
    const [request] = spans.filter(({ kind }) => kind === SERVER);
    expect(request).toMatchObject({
      parentSpanId: caller.spanId,
      attributes: { 'http.route': '/checkout/:key/pay/pix', 'http.response.status_code': 200 },
    });
    const names = spans.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['POST customers', 'POST orders', 'POST payments/pix', 'operations_prepare']),
    );
    expect(names).toContain('Redis GET');
    const inTrace = new Set([caller.spanId, ...spans.map(({ spanId }) => spanId)]);
    expect(spans.filter(({ parentSpanId = '' }) => !inTrace.has(parentSpanId))).toEqual([]);
    const call = spans.find(({ name }) => name === 'POST payments/pix')!;
    expect(call).toMatchObject({ kind: CLIENT, attributes: { 'http.response.status_code': 201 } });
    const { requests: received } = await control.requests();
    expect(
      received.find(({ route, traceparent }) => route === 'POST /v1/payments/pix' && traceparent !== null),
    ).toMatchObject({ traceparent: `00-${caller.traceId}-${call.spanId}-01` });
    await eventually(() => {
      const ofTrace = lines().filter(({ trace_id }) => trace_id === caller.traceId);
      expect(ofTrace).toEqual([expect.objectContaining({ msg: `POST /checkout/${KEY}/pay/pix 200` })]);
      return Promise.resolve();
    });
  });

  it('a webhook is one trace from its receipt to the status and to the notification of the shop', async () => {
    const orderId = await pay();
    await control.act(orderId, 'pay');
    const notification = await eventually(() => {
      const found = shop.received.find(
        ({ data }) => data['order_id'] === orderId && data['status'] === 'aprovado',
      );
      expect(found).toBeDefined();
      return Promise.resolve(found!);
    });
    const [, traceId = '', sendingId] = notification.headers['traceparent']!.split('-');
    const spans = await spansOf(
      traceId,
      'POST /webhooks/appmax',
      'store webhooks',
      'verify webhooks',
      'GET orders/:id',
      'UPDATE orders',
      'deliver notification',
      'POST notification',
    );
    const chain: string[] = [];
    for (let span = spans.find(({ spanId }) => spanId === sendingId); span !== undefined;) {
      chain.push(span.name);
      const { parentSpanId } = span;
      span = spans.find(({ spanId }) => spanId === parentSpanId);
    }
    expect(chain[0]).toBe('POST notification');
    expect(chain[1]).toBe('deliver notification');
    expect(chain.at(-1)).toBe('POST /webhooks/appmax');
    expect(chain).toContain('verify webhooks');
    const ids = spans.map(({ spanId }) => spanId);
    const roots = spans.filter(({ parentSpanId = '' }) => !ids.includes(parentSpanId));
    expect(roots.map(({ name, kind }) => [name, kind])).toEqual([['POST /webhooks/appmax', SERVER]]);
  });

  it('a notification of a payment is in the trace of the payment', async () => {
    const order = await makeOrder();
    const caller = callersTrace('d');
    await payByCard(order, '4000000000000010', caller.headers);
    await eventually(() => {
      const found = shop.received.find(
        ({ data }) => data['order_id'] === order && data['status'] === 'aprovado',
      );
      expect(found?.headers['traceparent']).toContain(caller.traceId);
      return Promise.resolve();
    });
  });

  it('work that comes later is a trace of its own with a link to its cause', async () => {
    const caller = callersTrace('b');
    const orderId = await pay(caller.headers);
    await database.query(
      `UPDATE operations SET next_check_at = now(), lease_expires_at = now() - interval '1 second', state = 'sent', settled_at = NULL
       WHERE kind = 'pix' AND order_id = (SELECT id FROM orders WHERE appmax_order_id = $1)`,
      [orderId],
    );
    await eventually(() => {
      const [settling] = receiver.spans.filter(({ name }) => name === 'settle operation');
      expect(settling?.parentSpanId).toBeUndefined();
      expect(settling?.links).toEqual([expect.stringMatching(`^${caller.traceId}-`)]);
      return Promise.resolve();
    });
  });

  it('polls and probes make no spans', async () => {
    await service.send('GET', '/health/ready');
    await service.send('GET', '/metrics', { secretKey: SECRET_KEY });
    await spansOf(callersTrace('a').traceId, 'POST /checkout/:key/pay/pix');
    const starts = receiver.spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(starts.filter(({ kind }) => kind === CLIENT)).toEqual([]);
    expect(receiver.spans.filter(({ name }) => /health|metrics/.test(name))).toEqual([]);
  });

  it('no span has personal data, a secret, a value of a statement, or the path of a request', async () => {
    const caller = callersTrace('c');
    await payByCard(await makeOrder(), DECLINED, caller.headers);
    await service.send('GET', `/checkout/${CUSTOMER.email}/status/1?order_token=${WEBHOOK_TOKEN}`, {
      headers: caller.headers,
    });
    await spansOf(
      caller.traceId,
      'POST /checkout/:key/pay/credit-card',
      'GET /checkout/:key/status/:order_id',
    );
    const exported = receiver.bodies.join('\n');
    expect(exported.length).toBeGreaterThan(10_000);
    const rows = await database.query<{ merchant_client_id: string }>(
      'SELECT merchant_client_id FROM installations',
    );
    const secrets = [
      ...Object.values(CUSTOMER),
      CPF,
      DECLINED,
      'MARINA SOUZA',
      WEBHOOK_TOKEN,
      SECRET_KEY,
      KEY,
      new URL(shop.url).pathname,
      baseEnvironment()['REDIS_PASSWORD']!,
      simulator.environment['APPMAX_CLIENT_SECRET']!,
      ...rows.map(({ merchant_client_id: id }) => id),
    ];
    expect(secrets.filter((secret) => exported.includes(secret))).toEqual([]);
  });

  it('exports have the configured headers, and the name and version of the service', () => {
    expect(receiver.headers[0]).toMatchObject({ 'x-receiver-key': 'key 1' });
    expect(receiver.bodies[0]).toContain('"traced-checkout"');
  });

  it('without an address, nothing of the SDK is loaded', async () => {
    const path = (...names: string[]): string =>
      JSON.stringify(join(__dirname, '..', 'dist', 'src', ...names));
    const program = `
      const { createApp } = require(${path('app.setup.js')});
      const { startTracing } = require(${path('tracing', 'index.js')});
      const { parseConfig } = require(${path('config', 'config.js')});
      const loaded = () => Object.keys(require.cache).filter((file) => /@opentelemetry.(?!api.)/.test(file)).length;
      createApp(parseConfig(process.env)).then(async () => {
        const without = loaded();
        await startTracing({ endpoint: 'http://127.0.0.1:9', headers: {}, serviceName: 'x', sampledShare: 1 });
        process.stdout.write(JSON.stringify([without, loaded() > 0]), () => process.exit());
      });`;
    const child = spawn(process.execPath, ['-e', program], {
      env: { ...baseEnvironment(), ...database.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'close');
    expect(JSON.parse(output)).toEqual([0, true]);
  });
});
