import { randomUUID } from 'node:crypto';
import { SimulatorControl } from '../simulator/control-client';
import {
  APPROVED,
  card,
  CARDS,
  CPF,
  CVV,
  found,
  HELD,
  HOLDER_CPF,
  OF_CARDS,
  OF_SHOPPERS,
  secretText,
  SHOPPER,
  type Canary,
} from './support/canaries';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { send, type Answer, type RequestOptions } from './support/http';
import { connectToRedis, keysLike } from './support/redis';
import { baseEnvironment, SECRET_KEY, spawnService, type ServiceProcess } from './support/service';
import { consent, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

const REDIS_DB = 6;
const SHOP = 'canary-shop';
const WEBHOOK_TOKEN = 'webhook-canary-5e1d0c9b';

describe('Known secrets, through every route and job, in success and in failure', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let control: SimulatorControl;
  let service: ServiceProcess;
  /** What the service, its merchants and its operators hold: nowhere at all. */
  const held: Canary[] = [];
  /** Everything that was answered, but for what is documented to hold a secret. */
  const answers: { readonly route: string; readonly text: string }[] = [];

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    control = new SimulatorControl(simulator.url);
    await control.change({ rate_limits: false, app_store_envelope: true, customer_webhooks: true });
    const environment = {
      ...database.environment,
      ...simulator.environment,
      LOG_LEVEL: 'trace',
      REDIS_DB: String(REDIS_DB),
      WEBHOOK_TOKEN,
      APPMAX_TIMEOUT: '2',
      APPMAX_CARD_TIMEOUT: '2',
      APPMAX_RATE_BURST: '10000',
      PAYMENT_SETTLE_SECONDS: '5',
      APPMAX_ORDER_READ_INTERVAL: '0',
      RECONCILE_SPEED: '1000',
    };
    const redis = await connectToRedis(REDIS_DB);
    await redis.flushDb();
    await redis.disconnect();
    service = await spawnService(environment);
    const settings: Readonly<Record<string, string>> = { ...baseEnvironment(), ...environment };
    for (const name of HELD) {
      held.push(secretText(name, settings[name]!));
    }
  }, 60_000);

  afterAll(async () => {
    await service.stop();
    await Promise.all([simulator.stop(), database.drop()]);
  });

  /** Sends a request and keeps its answer for the search. */
  const call = async (method: string, path: string, options: RequestOptions = {}): Promise<Answer> => {
    const answer = await send(method, `${service.url}${path}`, options);
    const headers = [...answer.headers].map((header) => header.join(': ')).join('\n');
    answers.push({ route: `${method} ${path.split('?')[0]!}`, text: `${headers}\n${answer.text}` });
    return answer;
  };

  const shop = (path: string, body: unknown, options: RequestOptions = {}): Promise<Answer> =>
    call('POST', `/checkout/${SHOP}/${path}`, { body, secretKey: SECRET_KEY, ...options });

  /** Installs the shop, and learns the secrets that come of it. */
  const installShop = async (): Promise<void> => {
    const callback = await consent(service, simulator, SHOP);
    held.push(secretText('an installation hash', new URL(callback, service.url).searchParams.get('token')!));
    await call('GET', callback);
    const path = `${service.url}/installations/${SHOP}/merchant/token`;
    const { body } = await send('GET', path, { secretKey: SECRET_KEY });
    held.push(secretText("a merchant's secret", body['merchant_client_secret'] as string));
    held.push(secretText("a merchant's token", body['merchant_bearer_token'] as string));
    await control.changeMerchant(SHOP, {
      webhook_url: `${service.url}/webhooks/appmax?token=${WEBHOOK_TOKEN}`,
    });
  };

  /** One of everything that a shop does; what fails on the way, fails. @returns the last order. */
  const useEveryRoute = async (): Promise<number> => {
    const payment = { holder_name: 'ZENAIDE CANARINHO', holder_document_number: HOLDER_CPF };
    const sold = { customer: SHOPPER, order: ORDER };
    const made = await shop('order', sold, { headers: { 'idempotency-key': randomUUID() } });
    const order_id = (made.body['order_id'] as number | undefined) ?? 1;
    for (const number of CARDS)
      await shop('pay/credit-card', { ...sold, payment: { ...payment, ...card(number) } });
    const key = { headers: { 'idempotency-key': randomUUID() } };
    const raw = { order_id, payment: { ...payment, ...card(APPROVED) } };
    const paid = await shop('pay/credit-card', raw, key);
    await shop('pay/credit-card', raw, key);
    await shop('pay/pix', { ...sold, document_number: CPF });
    await shop('pay/boleto', { ...sold, document_number: CPF });
    const upsell = { products_value: 100, products: ORDER.products };
    await shop('upsell', { upsell_hash: paid.body['upsell_hash'] ?? 'none', ...upsell });
    const tokenize = `${service.url}/checkout/${SHOP}/tokenize`;
    const { token } = (await send('POST', tokenize, { body: card(APPROVED) })).body;
    if (typeof token === 'string') {
      held.push(secretText("a card's token", token));
      await shop('pay/credit-card', { ...sold, payment: { ...payment, token } });
      await shop('pay/credit-card', { ...sold, payment: { ...payment, token } });
    }
    await shop('refund', { order_id, type: 'partial', value: 100 });
    await shop('tracking', { order_id, shipping_tracking_code: 'BR123' });
    for (const path of ['config', 'installments?total_value=100', `status/${String(order_id)}`])
      await call('GET', `/checkout/${SHOP}/${path}`);
    for (const path of ['installations', 'orders', `orders/${String(order_id)}`, 'webhook-events'])
      await call('GET', `/admin/${path}`, { secretKey: SECRET_KEY });
    await call('POST', `/admin/orders/${String(order_id)}/refresh`, { secretKey: SECRET_KEY, body: {} });
    return order_id;
  };

  /** What is wrong with each request in turn, while all of it is what must not be repeated. */
  const sendNonsense = async (): Promise<void> => {
    const everything = { ...SHOPPER, ...card(APPROVED), holder_document_number: CPF, token: WEBHOOK_TOKEN };
    const texts = [JSON.stringify(everything), `{"x": "${CARDS.join()} ${CPF} ${SHOPPER.email} ${CVV} `];
    const paths = [
      'order',
      'pay/credit-card',
      'pay/pix',
      'pay/boleto',
      'tokenize',
      'upsell',
      'refund',
      'tracking',
    ];
    for (const body of texts) {
      for (const path of paths) await shop(path, body);
      await call('POST', '/webhooks/appmax', { body });
      await call('POST', '/integrations/appmax/callback/install', { body });
    }
    for (const field of ['email', 'phone', 'document_number'])
      await shop('order', {
        customer: { ...SHOPPER, [field]: `${APPROVED} ${CPF} ${SHOPPER.email}` },
        order: ORDER,
      });
    const query = new URLSearchParams({
      token: WEBHOOK_TOKEN,
      email: SHOPPER.email,
      number: APPROVED,
    }).toString();
    for (const path of [
      '/',
      '/docs',
      '/health',
      '/health/ready',
      '/install/start',
      '/webhooks/appmax',
      '/nowhere',
    ])
      await call('GET', `${path}?${query}`, {
        headers: { accept: 'text/html', authorization: `Bearer ${SECRET_KEY}x` },
      });
    await call('POST', `/webhooks/appmax?${query}`, { body: { event: '' } });
    await call('GET', `/integrations/appmax/callback/install?token=${WEBHOOK_TOKEN}`);
  };

  it('are found in no answer, log line, table or cache, but where it is documented', async () => {
    await installShop();
    await useEveryRoute();
    await sendNonsense();
    // Appmax repeats in its words what it was sent, as gateways do.
    const message = `The card ${APPROVED} (cvv ${CVV}) of ${SHOPPER.email}, ${CPF}, ${SHOPPER.phone} was not accepted`;
    for (const fault of [
      { kind: 'status', status: 400, route: '/v1/*', times: null, message },
      { kind: 'status', status: 500, route: '/v1/*', times: null, message },
      { kind: 'status', status: 422, form: 'errors_fields', route: '/v1/*', times: null, message },
      { kind: 'success_false', route: '/v1/*', times: null, message },
      { kind: 'truncate', route: 'POST /v1/payments/*', when: 'after', times: 2 },
      { kind: 'status', status: 401, route: 'POST /oauth2/token', times: 8 },
    ] as const) {
      const { id } = await control.addFault(fault);
      if (fault.route === 'POST /oauth2/token') await control.revokeTokens(SHOP);
      await useEveryRoute();
      await control.removeFault(id);
    }
    await control.clearFaults();
    await eventually(async () => {
      const waiting = await database.query('SELECT 1 FROM payment_attempts WHERE settled_at IS NULL');
      expect(waiting).toEqual([]);
    });
    await control.drainWebhooks();
    const [event] = await database.query<{ payloads: string }>(
      "SELECT string_agg(payload::text, '') AS payloads FROM webhook_events WHERE processed",
    );
    // Webhooks came, and the search finds what there is.
    expect(found(event!.payloads, OF_SHOPPERS, 'payloads').length).toBeGreaterThan(2);
    await service.stop();
    expect(service.output().length).toBeGreaterThan(10_000);
    expect(await leaks()).toEqual([]);
  }, 90_000);

  const leaks = async (): Promise<string[]> => {
    const all = [...held, ...OF_CARDS, ...OF_SHOPPERS];
    return [
      ...answers.flatMap(({ route, text }) => found(text, all, `the answer of ${route}`)),
      ...service
        .output()
        .split('\n')
        .flatMap((line) => found(line, all, 'the log')),
      ...(await inDatabase(all)),
      ...(await inRedis(all)),
    ];
  };

  /** Payloads are kept as Appmax sent them, with what it says of shoppers; no card and no secret of ours is among it. */
  const inDatabase = async (all: readonly Canary[]): Promise<string[]> => {
    const tables = await database.query<{ name: string }>(
      "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
    );
    const leaks: string[] = [];
    for (const { name } of tables) {
      const rows = await database.query<{ row: Record<string, unknown> }>(
        `SELECT to_jsonb(t) AS row FROM ${name} t`,
      );
      for (const { row } of rows) {
        const { payload = null, ...columns } = row;
        leaks.push(...found(JSON.stringify(columns), all, name));
        leaks.push(...found(JSON.stringify(payload), [...held, ...OF_CARDS], `a payload in ${name}`));
      }
    }
    return leaks;
  };

  const inRedis = async (all: readonly Canary[]): Promise<string[]> => {
    const redis = await connectToRedis(REDIS_DB);
    const keys = await keysLike(redis, '*');
    const values = await Promise.all(keys.map((key) => redis.get(key).catch(() => '')));
    await redis.disconnect();
    expect(keys.length).toBeGreaterThan(0);
    return keys.flatMap((key, index) => found(`${key} ${values[index] ?? ''}`, all, 'Redis'));
  };
});
