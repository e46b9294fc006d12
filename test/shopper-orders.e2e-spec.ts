import { randomInt, randomUUID } from 'node:crypto';
import type { RedisClientType } from '@redis/client';
import type { Answer } from './support/http';
import { connectToRedis, keysLike } from './support/redis';
import { freePort } from './support/servers';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { cardPayment, CPF, CUSTOMER, ORDER } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

const DECLINED = '4000000000000002';
/** A document that was not used here before. */
const STRANGER = '11144477735';

/** The keys in Redis of the declines of orders. */
const DECLINES = '*limit:declines_order:*';

const newAddress = (): string => `10.8.${String(randomInt(256))}.${String(randomInt(256))}`;

interface Made {
  readonly order_id: number;
  readonly customer_id: number;
  readonly order_token: string;
}

describe('Orders of the storefront', () => {
  let system: TestSystem;
  let redis: RedisClientType;
  let withTokens: TestService;
  let withSessions: TestService;

  beforeAll(async () => {
    system = await startSystem({ RATE_LIMIT: 'on', TRUST_PROXY: '1', BACKGROUND_WORK: 'off' });
    redis = await connectToRedis();
    const { environment } = system;
    [withTokens, withSessions] = await Promise.all([
      startService({ ...environment, APP_PORT: String(await freePort()), STOREFRONT_ORDERS: 'tokens' }),
      startService({ ...environment, APP_PORT: String(await freePort()), STOREFRONT_ORDERS: 'sessions' }),
    ]);
  });

  afterAll(async () => {
    await Promise.all([withTokens.stop(), withSessions.stop()]);
    await redis.disconnect();
    await system.stop();
  });

  /** Sends a call from an address of its own. */
  const post = (
    path: string,
    body: unknown,
    {
      service = system.services[0],
      idempotencyKey = randomUUID(),
      secretKey,
    }: { service?: TestService; idempotencyKey?: string; secretKey?: string } = {},
  ): Promise<Answer> =>
    service.send('POST', `/checkout/${system.key}/${path}`, {
      body,
      headers: { 'x-forwarded-for': newAddress(), 'idempotency-key': idempotencyKey },
      ...(secretKey === undefined ? {} : { secretKey }),
    });

  const get = (path: string, service: TestService = system.services[0]): Promise<Answer> =>
    service.send('GET', `/checkout/${system.key}/${path}`, { headers: { 'x-forwarded-for': newAddress() } });

  const newOrder = async (): Promise<Made> => {
    const { status, body } = await post('order', { customer: CUSTOMER, order: ORDER });
    expect(status).toBe(200);
    return body as unknown as Made;
  };

  const notFound = [404, { message: 'order not found', code: 'order_not_found' }];
  const shortOf = ({ status, body }: Answer): unknown[] => [status, body];

  /** Counts the calls of the service to Appmax. */
  const callsToAppmax = async (): Promise<number> => (await system.control.requests(1000)).requests.length;

  describe.each([
    ['pix', 'emv'],
    ['boleto', 'digitavel'],
  ])('an open %s', (method, code) => {
    const path = `pay/${method}`;

    const codeOf = async (orderId: number): Promise<Answer> => {
      const made = await post(path, { order_id: orderId, document_number: CPF });
      expect([made.status, typeof made.body[code]]).toEqual([200, 'string']);
      return made;
    };

    it('is not answered to a caller who counts down order ids, and Appmax is not asked', async () => {
      const orders = [await newOrder(), await newOrder(), await newOrder()];
      for (const { order_id: orderId } of orders) await codeOf(orderId);
      const { order_id: own } = await newOrder();
      const before = await callsToAppmax();
      const answers: Answer[] = [];
      for (let orderId = own - 1; orderId >= orders[0]!.order_id; orderId -= 1)
        answers.push(await post(path, { order_id: orderId, document_number: STRANGER }));
      expect(answers.map(shortOf)).toEqual(answers.map(() => notFound));
      expect(answers.length).toBeGreaterThanOrEqual(3);
      expect(await callsToAppmax()).toBe(before);
    });

    it('is answered again to a caller who names the document, the customer or the token, or has a secret key', async () => {
      const { order_id, customer_id, order_token } = await newOrder();
      const made = await codeOf(order_id);
      const bodies = [
        { order_id, document_number: CPF },
        { order_id, document_number: STRANGER, customer_id },
        { order_id, document_number: STRANGER, order_token },
      ];
      for (const body of bodies) expect(shortOf(await post(path, body))).toEqual([200, made.body]);
      const byServer = await post(path, { order_id, document_number: STRANGER }, { secretKey: SECRET_KEY });
      expect(shortOf(byServer)).toEqual([200, made.body]);
      const wrong = [{ customer_id: customer_id + 1 }, { order_token: order_token.replaceAll(/./g, 'a') }];
      for (const each of wrong)
        expect(shortOf(await post(path, { order_id, document_number: STRANGER, ...each }))).toEqual(notFound);
    });

    it('from before the digests is answered again only to a caller who names the customer', async () => {
      const { order_id, customer_id } = await newOrder();
      const made = await codeOf(order_id);
      await system.database.query(
        'UPDATE operations SET payer_digest = NULL WHERE order_id = (SELECT id FROM orders WHERE appmax_order_id = $1)',
        [order_id],
      );
      expect(shortOf(await post(path, { order_id, document_number: CPF }))).toEqual(notFound);
      const named = await post(path, { order_id, document_number: CPF, customer_id });
      expect(shortOf(named)).toEqual([200, made.body]);
    });

    it('is not answered to a caller who has made an earlier one of the same order', async () => {
      const { order_id, customer_id } = await newOrder();
      const strange = await post(path, { order_id, document_number: STRANGER });
      expect(strange.status).toBe(200);
      await system.database.query(
        `UPDATE operations SET code_expires_at = clock_timestamp()::timestamp - interval '1 minute'
         WHERE kind = $2::operation_kind AND order_id = (SELECT id FROM orders WHERE appmax_order_id = $1)`,
        [order_id, method],
      );
      if (method === 'pix') await system.control.act(order_id, 'expire');
      const own = await post(path, { order_id, document_number: CPF, customer_id });
      expect([own.status, own.body[code] === strange.body[code]]).toEqual([200, false]);
      expect(shortOf(await post(path, { order_id, document_number: STRANGER }))).toEqual(notFound);
    });
  });

  it("a conflict tells the order's state to its shopper only", async () => {
    const { order_id } = await newOrder();
    expect((await post('pay/credit-card', { order_id, payment: cardPayment() })).status).toBe(200);
    const strange = { ...cardPayment(), holder_document_number: STRANGER };
    expect(shortOf(await post('pay/credit-card', { order_id, payment: strange }))).toEqual(notFound);
    expect(shortOf(await post('pay/pix', { order_id, document_number: STRANGER }))).toEqual(notFound);
    const own = await post('pay/credit-card', { order_id, payment: cardPayment() });
    expect(shortOf(own)).toMatchObject([
      409,
      { message: 'order already paid', code: 'order_already_paid', order_id, status: 'aprovado' },
    ]);
  });

  it('an order that is not known here is taken over only with its customer', async () => {
    const { order_id, customer_id } = await newOrder();
    await system.database.query(
      'DELETE FROM operations WHERE order_id = (SELECT id FROM orders WHERE appmax_order_id = $1)',
      [order_id],
    );
    await system.database.query('DELETE FROM order_status_changes WHERE appmax_order_id = $1', [order_id]);
    await system.database.query('DELETE FROM orders WHERE appmax_order_id = $1', [order_id]);
    const saved = (): Promise<unknown[]> =>
      system.database.query('SELECT 1 FROM orders WHERE appmax_order_id = $1', [order_id]);
    const before = await callsToAppmax();
    expect(shortOf(await post('pay/pix', { order_id, document_number: CPF }))).toEqual(notFound);
    expect(await callsToAppmax()).toBe(before);
    const wrong = { order_id, document_number: CPF, customer_id: customer_id + 1 };
    expect(shortOf(await post('pay/pix', wrong))).toEqual(notFound);
    expect(await saved()).toEqual([]);
    expect((await post('pay/pix', { order_id, document_number: CPF, customer_id })).status).toBe(200);
    expect(await saved()).toHaveLength(1);
  });

  describe('an order token', () => {
    const created = { customer: CUSTOMER, order: ORDER };
    const token = /^[0-9a-f]{64}$/;

    it('is in the answer of each route that creates an order, also if the card is declined', async () => {
      const answers = await Promise.all([
        post('order', created),
        post('pay/pix', { ...created, document_number: CPF }),
        post('pay/boleto', { ...created, document_number: CPF }),
        post('pay/credit-card', { ...created, payment: cardPayment() }),
        post('pay/credit-card', { ...created, payment: cardPayment(DECLINED) }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 422]);
      const tokens = answers.map(({ body }) => body['order_token']);
      expect(tokens).toEqual(tokens.map(() => expect.stringMatching(token) as string));
      expect(new Set(tokens).size).toBe(tokens.length);
    });

    it('is not in the answer to a caller who names the order', async () => {
      const { order_id } = await newOrder();
      const answers = [
        await post('pay/credit-card', { order_id, payment: cardPayment(DECLINED) }),
        await post('pay/pix', { order_id, document_number: CPF }),
      ];
      expect(answers.map(({ status, body }) => [status, 'order_token' in body])).toEqual([
        [422, false],
        [200, false],
      ]);
    });

    it('is in the answer to a repeat, and nowhere in the database', async () => {
      const idempotencyKey = randomUUID();
      const first = await post('order', created, { idempotencyKey });
      const again = await post('order', created, { idempotencyKey });
      expect(again.text).toBe(first.text);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(again.body['order_token']).toMatch(token);
      const rows = await system.database.query('SELECT response_body FROM idempotency_keys');
      expect(JSON.stringify(rows)).toContain(String(first.body['order_id']));
      expect(JSON.stringify(rows)).not.toContain(first.body['order_token']);
    });
  });

  describe('with STOREFRONT_ORDERS=tokens', () => {
    const options = (): { service: TestService } => ({ service: withTokens });

    it('the status, the stream and payments of an order need its token', async () => {
      const { order_id, customer_id } = await newOrder();
      const { order_token: other } = await newOrder();
      const path = `status/${String(order_id)}`;
      const named = { order_id, customer_id, document_number: CPF };
      for (const query of ['', `?order_token=${other}`, '?order_token='])
        for (const route of [path, `${path}/stream`])
          expect(shortOf(await get(`${route}${query}`, withTokens))).toEqual(notFound);
      expect(shortOf(await post('pay/pix', named, options()))).toEqual(notFound);
      expect(shortOf(await post('pay/boleto', { ...named, order_token: other }, options()))).toEqual(
        notFound,
      );
      const payment = cardPayment();
      expect(shortOf(await post('pay/credit-card', { ...named, payment }, options()))).toEqual(notFound);
    });

    it('the token is accepted in the query and in the body', async () => {
      const { order_id, order_token } = await newOrder();
      const query = `?order_token=${order_token}`;
      const path = `status/${String(order_id)}`;
      expect(shortOf(await get(`${path}${query}`, withTokens))).toEqual([200, { status: 'pendente' }]);
      const stream = await fetch(`${withTokens.url}/checkout/${system.key}/${path}/stream${query}`);
      expect(stream.status).toBe(200);
      await stream.body?.cancel();
      const inQuery = await post(`pay/pix${query}`, { order_id, document_number: CPF }, options());
      expect(inQuery.status).toBe(200);
      const inBody = await post('pay/pix', { order_id, document_number: CPF, order_token }, options());
      expect(shortOf(inBody)).toEqual(shortOf(inQuery));
    });
  });

  describe('with STOREFRONT_ORDERS=sessions', () => {
    const created = { customer: CUSTOMER, order: ORDER };
    const routes: [string, unknown][] = [
      ['order', created],
      ['pay/pix', { ...created, document_number: CPF }],
      ['pay/boleto', { ...created, document_number: CPF }],
      ['pay/credit-card', { ...created, payment: cardPayment() }],
      ['upsell', { upsell_hash: 'a-hash', products_value: 1, products: ORDER.products }],
    ];

    it.each(routes)('%s creates nothing at Appmax without a secret key', async (path, body) => {
      const before = await callsToAppmax();
      const answer = await post(path, body, { service: withSessions });
      expect(shortOf(answer)).toEqual([401, { message: 'unauthorized', code: 'unauthorized' }]);
      expect(await callsToAppmax()).toBe(before);
    });

    it('a browser pays the order that a server made, also after it was refused under the same key', async () => {
      const idempotencyKey = randomUUID();
      const service = withSessions;
      expect((await post('order', created, { service, idempotencyKey })).status).toBe(401);
      const made = await post('order', created, { service, idempotencyKey, secretKey: SECRET_KEY });
      expect(made.status).toBe(200);
      const paid = await post(
        'pay/credit-card',
        { order_id: made.body['order_id'], payment: cardPayment() },
        { service },
      );
      expect([paid.status, paid.body['status']]).toEqual([200, 'aprovado']);
    });
  });

  it('an answer that comes before anything is done is not kept under its Idempotency-Key', async () => {
    const { order_id } = await newOrder();
    const idempotencyKey = randomUUID();
    const bodies = [
      { order_id, document_number: '1' },
      { order_id: 2_000_000_001, document_number: CPF },
      { order_id, document_number: CPF },
    ];
    const answers: Answer[] = [];
    for (const body of bodies) answers.push(await post('pay/pix', body, { idempotencyKey }));
    expect(answers.map(({ status }) => status)).toEqual([400, 404, 200]);
  });

  it('an Idempotency-Key is apart on each route and with a secret key', async () => {
    const { order_id } = await newOrder();
    const idempotencyKey = randomUUID();
    const body = { customer: CUSTOMER, order: ORDER };
    const stranger = await post('order', body, { idempotencyKey });
    const pix = await post('pay/pix', { order_id, document_number: CPF }, { idempotencyKey });
    const other = { customer: { ...CUSTOMER, first_name: 'Ana' }, order: ORDER };
    const server = await post('order', other, { idempotencyKey, secretKey: SECRET_KEY });
    expect([stranger.status, pix.status, server.status]).toEqual([200, 200, 200]);
  });

  it('bodies that are refused, by any number of addresses, do not close an order to its shopper', async () => {
    const { order_id, customer_id } = await newOrder();
    for (let index = 0; index < 40; index += 1) {
      const junk = await post('pay/credit-card', { order_id, payment: { number: 'x' } });
      expect(junk.status).toBe(400);
    }
    const paid = await post('pay/credit-card', { order_id, customer_id, payment: cardPayment() });
    expect([paid.status, paid.body['status']]).toEqual([200, 'aprovado']);
  });

  it('cards of strangers that are declined do not close an order to its shopper', async () => {
    const { order_id, customer_id } = await newOrder();
    const strange = { order_id, payment: cardPayment(DECLINED) };
    const before = await keysLike(redis, DECLINES);
    expect((await post('pay/credit-card', strange)).status).toBe(422);
    const [count, ...others] = (await keysLike(redis, DECLINES)).filter((key) => !before.includes(key));
    expect([typeof count, others]).toEqual(['string', []]);
    const more = Array.from({ length: 7 }, (_, index) => ({
      score: Date.now(),
      value: `more.${String(index)}`,
    }));
    await redis.zAdd(count!, more);
    expect((await post('pay/credit-card', strange)).status).toBe(429);
    const paid = await post('pay/credit-card', { order_id, customer_id, payment: cardPayment() });
    expect(paid.status).toBe(200);
  });

  it('an answer has at most 20 errors', async () => {
    const products = Array.from({ length: 100 }, () => ({}));
    const answer = await post('order', { customer: CUSTOMER, order: { ...ORDER, products } });
    expect([answer.status, (answer.body['errors'] as unknown[]).length]).toEqual([400, 20]);
  });
});
