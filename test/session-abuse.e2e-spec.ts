import { randomUUID } from 'node:crypto';
import { eventually } from './support/eventually';
import type { Answer } from './support/http';
import { connectToRedis, keysLike } from './support/redis';
import { freePort } from './support/servers';
import { startService } from './support/service';
import { HOLDER, ITEMS, refusal, sessionSales, TOTAL } from './support/session-sales';
import { CUSTOMER } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

const OTHER_CPF = '11144477735';
const DECLINED = '4000000000000002';

describe('Checkout sessions under abuse, faults and changed prices', () => {
  let system: TestSystem;
  const { shop, make, page, token, payByCard, stateOf, ordersOf, charges } = sessionSales(() => system);

  beforeAll(async () => {
    system = await startSystem({ APPMAX_STOREFRONT_CALLS: '100' });
  });

  afterEach(async () => {
    await system.control.clearFaults();
    await setInterest(2);
  });

  afterAll(async () => {
    await system.stop();
  });

  /** Changes the interest of Appmax's plans, which are cached otherwise. */
  const setInterest = async (percent: number): Promise<void> => {
    await system.control.change({ installment_fee_percent: percent });
    const redis = await connectToRedis();
    for (const key of await keysLike(redis, '*installments*')) await redis.del(key);
    await redis.disconnect();
  };

  const priceOf = async (session: string, installments: number): Promise<number> => {
    const { body } = await page('GET', session, 'installments');
    return (body as unknown as { total_value: number }[])[installments - 1]!.total_value;
  };

  const decline = async (session: string): Promise<number> => {
    const payment = { ...HOLDER, token: await token(DECLINED), installments: 1 };
    const declined = await page('POST', session, 'credit-card', { payment });
    expect(declined.status).toBe(422);
    return declined.body['order_id'] as number;
  };

  it.each<[string, (order: number) => Promise<readonly [path: string, body: object]>]>([
    [
      'a boleto of a stranger',
      (order) => Promise.resolve(['boleto', { order_id: order, document_number: OTHER_CPF }]),
    ],
    [
      'a Pix of a stranger',
      (order) => Promise.resolve(['pix', { order_id: order, document_number: OTHER_CPF }]),
    ],
    [
      'a card in more installments than the session allows',
      async (order) => {
        const { customer_id: customerId } = await system.control.order(order);
        const payment = { ...HOLDER, token: await token(), installments: 12 };
        return ['credit-card', { order_id: order, customer_id: customerId, payment }];
      },
    ],
  ])("%s does not pay a session's order by the storefront", async (_, request) => {
    const session = await make({ methods: ['credit_card'], max_installments: 6 });
    const order = await decline(session);
    const [path, body] = await request(order);
    const answer = await system.services[1].send('POST', `/checkout/${system.key}/pay/${path}`, { body });
    expect(refusal(answer)).toEqual([404, 'order_not_found']);
    expect(Object.keys((await page('GET', session, 'view')).body)).not.toContain('boleto');
    expect((await payByCard(session, 6)).status).toBe(200);
    expect(await charges(session)).toBe(1);
  });

  it('a card is charged only the total that the shopper saw', async () => {
    const session = await make();
    const seen = await priceOf(session, 6);
    await setInterest(5);
    const pay = async (total: number): Promise<unknown> => {
      const payment = { ...HOLDER, token: await token(), installments: 6, total_value: total };
      return page('POST', session, 'credit-card', { payment });
    };
    const now = await priceOf(session, 6);
    expect(now).toBeGreaterThan(seen);
    expect(await pay(seen)).toMatchObject({ status: 409, body: { code: 'price_changed', total_value: now } });
    expect(await ordersOf(session)).toEqual([]);
    expect(await pay(now)).toMatchObject({ status: 200, body: { total_value: now } });
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      'can not be read',
      () =>
        system.control.addFault({
          kind: 'status',
          status: 503,
          route: 'GET /v1/payments/installments',
          times: null,
        }),
    ],
    ['have changed', () => setInterest(5)],
  ])('a repeat gets the outcome of its own payment, while the plans %s', async (_, change) => {
    const session = await make();
    const key = randomUUID();
    const body = { payment: { ...HOLDER, token: await token(), installments: 6 } };
    const paid = await page('POST', session, 'credit-card', body, { key });
    expect(paid.status).toBe(200);
    // The state after a crash between the charge and the storing of its answer.
    await system.database.query(
      `UPDATE idempotency_keys SET response_status = NULL, response_body = NULL, lease_token = NULL,
         lease_expires_at = NULL WHERE tenant = $1`,
      [session],
    );
    await setInterest(2);
    await change();
    const repeated = await page('POST', session, 'credit-card', body, { key, instance: 1 });
    expect([repeated.status, repeated.body]).toEqual([200, paid.body]);
    expect(await charges(session)).toBe(1);
  });

  it('a payment is answered with its outcome, although the answer can not be kept', async () => {
    const session = await make();
    await system.database.query(`CREATE FUNCTION refuse_answers() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.response_status IS NOT NULL THEN RAISE EXCEPTION 'down' USING ERRCODE = '57P01'; END IF;
      RETURN NEW; END $$`);
    await system.database.query(
      'CREATE TRIGGER refuse_answers BEFORE UPDATE ON idempotency_keys FOR EACH ROW EXECUTE FUNCTION refuse_answers()',
    );
    const paid = await payByCard(session).finally(() =>
      system.database.query('DROP TRIGGER refuse_answers ON idempotency_keys'),
    );
    expect([paid.status, paid.body['status']]).toEqual([200, 'aprovado']);
    expect(await stateOf(session)).toMatchObject({ status: 'completed' });
  });

  it('a Pix whose answer was lost is made again, on another order', async () => {
    const session = await make();
    await system.control.addFault({ kind: 'reset', route: 'POST /v1/payments/pix', when: 'after' });
    expect(refusal(await page('POST', session, 'pix', {}))).toEqual([502, 'payment_outcome_unknown']);
    expect(await stateOf(session)).toMatchObject({ payment_under_way: true });
    await eventually(async () => {
      expect((await page('POST', session, 'pix', {})).status).toBe(200);
    }, 30);
    expect(await ordersOf(session)).toHaveLength(2);
    expect(await stateOf(session)).toMatchObject({ status: 'open', payment_under_way: false });
    expect((await page('GET', session, 'view')).body).toMatchObject({ pix: {} });
  });

  it('details that Appmax refuses are asked for again, and those that it accepts can be corrected', async () => {
    const session = await make({ customer: { first_name: 'Marina' } });
    await system.control.addFault({ kind: 'status', status: 422, route: 'POST /v1/customers', times: 1 });
    const body = { customer: CUSTOMER };
    expect((await page('POST', session, 'pix', body)).status).toBe(422);
    const fields = ['last_name', 'email', 'phone', 'document_number'];
    const view = async (): Promise<unknown> => (await page('GET', session, 'view')).body;
    expect(await view()).toMatchObject({ missing_fields: fields, typed_fields: [] });
    expect((await page('POST', session, 'pix', body)).status).toBe(200);
    expect(await view()).toMatchObject({ missing_fields: [], typed_fields: fields });
  });

  it("strangers do not use up a session's calls to Appmax, and a session has only some of them", async () => {
    await system.database.query(
      `INSERT INTO storefront_calls (installation_id, day, caller, calls)
       SELECT id, now()::date, 'all', 100 FROM installations WHERE external_key = $1
       ON CONFLICT (installation_id, day, caller) DO UPDATE SET calls = 100`,
      [system.key],
    );
    const limited = await startService({
      ...system.environment,
      APP_PORT: String(await freePort()),
      RATE_LIMIT: 'on',
    });
    const body = { customer: CUSTOMER, order: { products_value: TOTAL, products: ITEMS } };
    const stranger = await limited.send('POST', `/checkout/${system.key}/order`, { body });
    expect(refusal(stranger)).toEqual([429, 'too_many_requests']);
    const makePix = async (): Promise<Answer> =>
      limited.send('POST', `/pay/${await make()}/pix`, {
        body: {},
        headers: { 'idempotency-key': randomUUID() },
      });
    expect((await makePix()).status).toBe(200);
    const [counted] = await system.database.query<{ calls: number }>(
      "SELECT calls FROM storefront_calls WHERE caller <> 'all' AND calls > 0",
    );
    expect(counted?.calls).toBe(2);
    const session = await make();
    expect((await limited.send('GET', `/pay/${session}/installments`)).status).toBe(200);
    await system.database.query("UPDATE storefront_calls SET calls = 60 WHERE caller <> 'all'");
    const refused = await limited.send('POST', `/pay/${session}/pix`, {
      body: {},
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(refusal(refused)).toEqual([429, 'too_many_requests']);
    await limited.stop();
    // The shop itself is not limited.
    expect((await shop('GET', `/${session}`)).body['status']).toBe('open');
  });
});
