import { randomUUID } from 'node:crypto';
import { eventually } from './support/eventually';
import type { Answer } from './support/http';
import { inParallel } from './support/many';
import { SECRET_KEY } from './support/service';
import { cardPayment, CPF, CUSTOMER, ORDER, ORDER_TOTAL } from './support/shop';
import { chargesByOrder, startSystem, type TestSystem, untilCircuitsClose } from './support/system';

interface OperationRow {
  state: string;
  kind: string;
  amount_cents: number;
  settled_at: Date | null;
}

describe('Payments, on two services with one database', () => {
  let system: TestSystem;

  beforeAll(async () => {
    system = await startSystem();
  });

  beforeEach(() => untilCircuitsClose(system));

  afterEach(async () => {
    await system.control.clearFaults();
  });

  afterAll(async () => {
    await system.stop();
  });

  const post = (
    route: string,
    body: unknown,
    headers: Record<string, string> = {},
    instance = 0,
  ): Promise<Answer> =>
    system.services[instance]!.send('POST', `/checkout/${system.key}/${route}`, { body, headers });

  const newOrder = async (): Promise<number> =>
    (await post('order', { customer: CUSTOMER, order: ORDER })).body['order_id'] as number;

  const payByCard = (orderId: number, headers: Record<string, string> = {}, instance = 0): Promise<Answer> =>
    post('pay/credit-card', { order_id: orderId, payment: cardPayment() }, headers, instance);

  const operations = (orderId: number): Promise<OperationRow[]> =>
    system.database.query<OperationRow>(
      `SELECT p.* FROM operations p JOIN orders o ON o.id = p.order_id
       WHERE o.appmax_order_id = $1 AND p.kind IN ('credit_card', 'pix', 'boleto') ORDER BY p.id`,
      [orderId],
    );

  const charges = async (orderId: number): Promise<number> =>
    (await chargesByOrder(system.control)).get(orderId) ?? 0;

  const statusOf = async (orderId: number): Promise<unknown> =>
    (await system.services[1].send('GET', `/checkout/${system.key}/status/${orderId}`)).body['status'];

  it('a payment has an operation with its outcome', async () => {
    const orderId = await newOrder();
    await payByCard(orderId);
    expect(await operations(orderId)).toMatchObject([
      {
        state: 'done',
        kind: 'credit_card',
        amount_cents: ORDER_TOTAL,
        settled_at: expect.any(Date) as Date,
      },
    ]);
  });

  it('a payment whose answer was lost is not sent again: a read of the order shows its outcome', async () => {
    const orderId = await newOrder();
    await system.control.addFault({ kind: 'reset', route: 'POST /v1/payments/credit-card', when: 'after' });
    const answer = await payByCard(orderId);
    expect([answer.status, answer.body]).toEqual([200, { order_id: orderId, status: 'aprovado' }]);
    expect([await charges(orderId), (await operations(orderId)).length]).toEqual([1, 1]);
  });

  it('a payment with an unknown outcome is not answered as failed, and is settled later', async () => {
    const orderId = await newOrder();
    await system.control.addFault({
      kind: 'truncate',
      route: 'POST /v1/payments/credit-card',
      when: 'after',
    });
    await system.control.addFault({ kind: 'status', status: 503, route: 'GET /v1/orders/:id', times: null });
    const answer = await payByCard(orderId);
    expect([answer.status, answer.body]).toEqual([
      502,
      {
        message: 'payment outcome unknown',
        code: 'payment_outcome_unknown',
        order_id: orderId,
        status: 'pendente',
      },
    ]);
    const meanwhile = await payByCard(orderId, {}, 1);
    expect([meanwhile.status, meanwhile.body['message']]).toEqual([
      409,
      'another payment of this order is in progress',
    ]);
    expect(await operations(orderId)).toMatchObject([{ state: 'unknown', settled_at: null }]);
    await system.control.clearFaults();
    await eventually(async () => {
      expect(await statusOf(orderId)).toBe('aprovado');
    }, 60);
    expect(await operations(orderId)).toMatchObject([{ state: 'done' }]);
    expect((await payByCard(orderId)).body['message']).toBe('order already paid');
    expect(await charges(orderId)).toBe(1);
  }, 180_000);

  it('a payment without a trace at Appmax is judged as not made, and the order can be paid again', async () => {
    const orderId = await newOrder();
    await system.control.addFault({ kind: 'reset', route: 'POST /v1/payments/credit-card', when: 'before' });
    expect((await payByCard(orderId)).body['message']).toBe('payment outcome unknown');
    await eventually(async () => {
      expect(await operations(orderId)).toMatchObject([
        { state: 'not_done', settled_at: expect.any(Date) as Date },
      ]);
    }, 60);
    expect((await payByCard(orderId)).body['status']).toBe('aprovado');
    expect(await charges(orderId)).toBe(1);
  }, 180_000);

  it('a payment that could not reach Appmax is answered as having had no effect', async () => {
    const orderId = await newOrder();
    await system.control.addFault({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '7' },
      route: 'POST /v1/payments/credit-card',
    });
    const answer = await payByCard(orderId);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '7']);
    expect(await operations(orderId)).toMatchObject([{ state: 'not_sent' }]);
    expect((await payByCard(orderId)).body['status']).toBe('aprovado');
  });

  it('of simultaneous payments of an order on both instances, exactly one is made', async () => {
    const orderId = await newOrder();
    const answers = await inParallel(Array.from({ length: 30 }), 30, (_, index) =>
      payByCard(orderId, {}, index % 2),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(29);
    expect(await charges(orderId)).toBe(1);
  });

  it('simultaneous Pix requests of an order get the same code, or an answer to wait', async () => {
    const orderId = await newOrder();
    const answers = await inParallel(Array.from({ length: 20 }), 20, (_, index) =>
      post('pay/pix', { order_id: orderId, document_number: CPF }, {}, index % 2),
    );
    const codes = answers.filter(({ status }) => status === 200).map(({ body }) => body['emv']);
    expect(new Set(codes).size).toBe(1);
    const made = (await system.control.order(orderId)).payments;
    expect(made).toHaveLength(1);
  });

  it('a declined card is answered 422 as declined', async () => {
    const orderId = await newOrder();
    const body = { order_id: orderId, payment: cardPayment('4000000000000002') };
    const answer = await post('pay/credit-card', body);
    expect([answer.status, answer.body]).toEqual([
      422,
      { message: 'payment declined', code: 'payment_declined', order_id: orderId, status: 'pendente' },
    ]);
    expect(await operations(orderId)).toMatchObject([{ state: 'declined' }]);
  });

  describe('With an Idempotency-Key', () => {
    const buy = { customer: CUSTOMER, order: ORDER, payment: cardPayment() };
    const withKey = (key: string): Record<string, string> => ({ 'idempotency-key': key });

    it('a key with another body is answered 422, and an invalid key 400', async () => {
      const key = randomUUID();
      await post('order', { customer: CUSTOMER, order: ORDER }, withKey(key));
      const other = await post(
        'order',
        { customer: { ...CUSTOMER, first_name: 'Ana' }, order: ORDER },
        withKey(key),
      );
      const onOtherRoute = await post('pay/credit-card', buy, withKey(key));
      const long = await post('order', { customer: CUSTOMER, order: ORDER }, withKey('x'.repeat(256)));
      expect([other.status, onOtherRoute.status, long.status]).toEqual([422, 200, 400]);
    });

    it('a repeat of a declined request gets the same decline', async () => {
      const key = randomUUID();
      const declined = { ...buy, payment: cardPayment('4000000000000002') };
      const first = await post('pay/credit-card', declined, withKey(key));
      const again = await post('pay/credit-card', declined, withKey(key), 1);
      expect([first.status, again.status, again.text]).toEqual([422, 422, first.text]);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
    });

    it('a repeat of a request that failed without an effect uses the same order', async () => {
      const key = randomUUID();
      await system.control.addFault({ kind: 'status', status: 429, route: 'POST /v1/payments/credit-card' });
      const orders = async (): Promise<number> => (await system.database.query('SELECT FROM orders')).length;
      const before = await orders();
      const first = await post('pay/credit-card', buy, withKey(key));
      const again = await post('pay/credit-card', buy, withKey(key), 1);
      expect([first.status, again.status, again.body['status']]).toEqual([503, 200, 'aprovado']);
      expect((await orders()) - before).toBe(1);
    });

    it('a repeat of a request with an unknown outcome gets the outcome once it is known', async () => {
      const key = randomUUID();
      await system.control.addFault({ kind: 'reset', route: 'POST /v1/payments/credit-card', when: 'after' });
      await system.control.addFault({
        kind: 'status',
        status: 503,
        route: 'GET /v1/orders/:id',
        times: null,
      });
      const first = await post('pay/credit-card', buy, withKey(key));
      expect([first.status, first.body['message']]).toEqual([502, 'payment outcome unknown']);
      const again = await post('pay/credit-card', buy, withKey(key), 1);
      expect([again.status, again.body['message']]).toEqual([502, 'payment outcome unknown']);
      await system.control.clearFaults();
      await eventually(async () => {
        const known = await post('pay/credit-card', buy, withKey(key), 1);
        expect([known.status, known.body]).toEqual([
          200,
          {
            order_id: first.body['order_id'],
            order_token: first.body['order_token'],
            status: 'aprovado',
          },
        ]);
      }, 60);
      expect(await charges(first.body['order_id'] as number)).toBe(1);
    }, 180_000);

    it('the record of a key contains no data of the card, the token or the shopper, nor the key itself', async () => {
      const key = `52998224725-${randomUUID()}`;
      const first = await post('pay/credit-card', buy, withKey(key));
      expect((await post('pay/credit-card', buy, withKey(key))).text).toBe(first.text);
      const { number, cvv, expiration_month, expiration_year } = cardPayment();
      const card = { number, cvv, expiration_month, expiration_year, holder_name: 'MARINA SOUZA' };
      const token = await post('tokenize', card, withKey(randomUUID()));
      expect(token.status).toBe(200);
      const records = JSON.stringify(await system.database.query('SELECT * FROM idempotency_keys'));
      expect(records).toContain(String(first.body['order_id']));
      expect(records).not.toMatch(/4000000000000010|MARINA|52998224725|marina\.souza/);
      expect(records).not.toContain(token.body['token'] as string);
    });
  });

  describe('Refunds', () => {
    const refund = (body: unknown, instance = 0): Promise<Answer> =>
      system.services[instance]!.send('POST', `/checkout/${system.key}/refund`, {
        body,
        secretKey: SECRET_KEY,
      });

    it('a refund with an unknown outcome is not sent again and is shown to operators', async () => {
      const orderId = await newOrder();
      await payByCard(orderId);
      await system.control.addFault({
        kind: 'reset',
        route: 'POST /v1/orders/refund-request',
        when: 'after',
      });
      const first = await refund({ order_id: orderId, type: 'total' });
      const again = await refund({ order_id: orderId, type: 'total' }, 1);
      expect([first.status, again.status]).toEqual([502, 409]);
      expect((await system.control.order(orderId)).refunds).toHaveLength(1);
      const rows = await system.database.query(
        `SELECT p.state FROM operations p JOIN orders o ON o.id = p.order_id
         WHERE o.appmax_order_id = $1 AND p.kind = 'refund'`,
        [orderId],
      );
      expect(rows).toEqual([{ state: 'unknown' }]);
      const shown = await system.services[0].send('GET', `/admin/orders/${orderId}`, {
        secretKey: SECRET_KEY,
      });
      expect(shown.body).toMatchObject({
        operations: [
          { kind: 'order', state: 'done' },
          { kind: 'credit_card', state: 'done', amount_cents: ORDER_TOTAL },
          { kind: 'refund', state: 'unknown', amount_cents: ORDER_TOTAL },
        ],
      });
    });
  });
});

describe('The budget of background reads', () => {
  let system: TestSystem;

  beforeAll(async () => {
    system = await startSystem({ APPMAX_BACKGROUND_READS: '0', PAYMENT_SETTLE_SECONDS: '10' });
  });

  afterAll(async () => {
    await system.stop();
  });

  it('a lost payment is settled even when the budget is used up, and its reads are counted', async () => {
    await system.control.addFault({
      kind: 'reset',
      route: 'POST /v1/payments/credit-card',
      when: 'before',
    });
    const body = { customer: CUSTOMER, order: ORDER, payment: cardPayment() };
    const path = `/checkout/${system.key}/pay/credit-card`;
    expect((await system.services[0].send('POST', path, { body })).status).toBe(502);
    await eventually(async () => {
      expect(await system.database.query("SELECT state FROM operations WHERE kind = 'credit_card'")).toEqual([
        { state: 'not_done' },
      ]);
    }, 60);
    const [counted] = await system.database.query<{ reads: number }>('SELECT reads FROM background_reads');
    expect(counted!.reads).toBeGreaterThan(0);
  });
});
