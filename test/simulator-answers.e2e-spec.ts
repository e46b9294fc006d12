import { at, cards, products, SimulatorMerchant } from './support/simulator-merchant';
import { SimulatorWorld } from './support/simulator-world';

describe.each(['g1', 'g2'] as const)("the simulator's other answers, %s", (api) => {
  let world: SimulatorWorld;
  let merchant: SimulatorMerchant;
  beforeAll(async () => (world = await SimulatorWorld.start(api)));
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.reset();
    merchant = await SimulatorMerchant.create(world);
  });

  describe('POST /v1/orders/refund-request', () => {
    const refund = (order_id: number, body: object = { type: 'total' }): Promise<{ status: number }> =>
      merchant.post('/v1/orders/refund-request', { order_id, ...body });

    it('a refund is accepted, and completed later', async () => {
      const { order_id } = await merchant.paidOrder();
      const answer = await merchant.post('/v1/orders/refund-request', { order_id, type: 'total' });
      expect(answer.status).toBe(200);
      expect(at(answer, 'data.message')).toEqual(expect.any(String));
      expect(await merchant.status(order_id)).toBe('aprovado');
      await world.control.act(order_id, 'refund');
      expect(await merchant.status(order_id)).toBe('estornado');
      expect((await world.control.ledger(order_id)).map(({ kind }) => kind)).toEqual(['charge', 'refund']);
    });

    it('a partial refund needs a value that does not exceed the rest', async () => {
      const { order_id } = await merchant.paidOrder();
      expect((await refund(order_id, { type: 'partial' })).status).toBe(422);
      expect((await refund(order_id, { type: 'half' })).status).toBe(422);
      expect((await refund(order_id, { type: 'partial', value: 11_001 })).status).toBe(400);
      expect((await refund(order_id, { type: 'partial', value: 4000 })).status).toBe(200);
      expect((await refund(order_id, { type: 'partial', value: 7001 })).status).toBe(400);
    });

    it('a refund of an order that is not settled, not paid or unknown is answered 404', async () => {
      await world.control.change({ settle_after_seconds: null });
      const { order_id } = await merchant.paidOrder();
      expect((await refund(order_id)).status).toBe(404);
      await world.control.act(order_id, 'settle');
      expect((await refund(order_id)).status).toBe(200);
      expect((await refund((await merchant.order()).order_id)).status).toBe(404);
      expect((await refund(1)).status).toBe(404);
    });

    it('a refund can put its order under manual review', async () => {
      await world.control.change({ refund_review: true });
      const { order_id } = await merchant.paidOrder();
      await refund(order_id);
      expect(await merchant.status(order_id)).toBe('pendente_integracao_em_analise');
    });

    it('a refund can be denied, and requested again', async () => {
      await world.control.change({ refund_review: true });
      const { order_id } = await merchant.paidOrder();
      await refund(order_id);
      expect((await refund(order_id)).status).toBe(400);
      const denied = await world.control.act(order_id, 'deny-refund');
      expect(denied.refunds).toMatchObject([{ completed_at: null, denied_at: expect.any(String) as string }]);
      expect(await merchant.status(order_id)).toBe('aprovado');
      expect((await world.events()).at(-1)).toBe('order_approved');
      expect((await refund(order_id)).status).toBe(200);
    });

    it.each([['refund'], ['chargeback'], ['chargeback', 'chargeback-lose']] as const)(
      'a refund after %s %s is answered 400',
      async (...actions) => {
        const { order_id } = await merchant.paidOrder();
        for (const action of actions) await world.control.act(order_id, action);
        expect((await refund(order_id)).status).toBe(400);
      },
    );

    it('a completed partial refund leaves total_paid unchanged, and has its time in G2', async () => {
      const { order_id } = await merchant.paidOrder();
      await world.control.act(order_id, 'partial-refund', { value: 4000 });
      const shown = await merchant.show(order_id);
      expect(at(shown, 'data.order')).toMatchObject({ status: 'aprovado', total_paid: 11_000 });
      const refundedAt = at(shown, 'data.refund.refunded_at');
      if (api === 'g2') expect(refundedAt).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      else expect(refundedAt).toBeUndefined();
    });
  });

  it('POST /v1/orders/shipping-tracking-code saves the tracking code of an order', async () => {
    const { order_id } = await merchant.paidOrder();
    const path = '/v1/orders/shipping-tracking-code';
    expect((await merchant.post(path, { order_id, shipping_tracking_code: 'BR123' })).status).toBe(200);
    expect((await merchant.post(path, { order_id, shipping_tracking_code: '' })).status).toBe(422);
    expect((await merchant.post(path, { order_id: 1, shipping_tracking_code: 'BR123' })).status).toBe(404);
    expect(await world.control.order(order_id)).toMatchObject({ tracking_code: 'BR123' });
  });

  it('POST /v1/orders/upsell creates another order on the same card each time', async () => {
    const { answer: paid } = await merchant.paidOrder();
    const upsell_hash = at(paid, api === 'g1' ? 'data.payment.upsell_hash' : 'data.upsell_hash');
    const body = { upsell_hash, products_value: 4990, products };
    const answer = await merchant.post('/v1/orders/upsell', body);
    expect(answer.body).toEqual({
      data: {
        message: expect.any(String) as string,
        redirect_url: expect.any(String) as string,
        ...(api === 'g1' ? { order: { id: expect.any(Number) as number, status: 'aprovado' } } : {}),
      },
    });
    await merchant.post('/v1/orders/upsell', body);
    const charges = await world.control.ledger();
    expect(charges.map(({ cents }) => cents)).toEqual([11_000, 4990, 4990]);
    expect((await merchant.post('/v1/orders/upsell', { ...body, upsell_hash: 'unknown' })).status).toBe(404);
  });

  it('POST /v1/orders/upsell can add to the same order instead', async () => {
    await world.control.change({ upsell_keeps_order: true });
    const order = await merchant.order();
    await merchant.payByCard(order, cards.approved, { installments: 3 });
    const { order_id } = order;
    const upsell_hash = await merchant.upsellHash(order_id);
    const answer = await merchant.post('/v1/orders/upsell', { upsell_hash, products_value: 4990, products });
    if (api === 'g1') expect(at(answer, 'data.order')).toEqual({ id: order_id, status: 'aprovado' });
    expect(await world.control.orders()).toHaveLength(1);
    expect((await world.control.ledger(order_id)).map(({ cents }) => cents)).toEqual([11_000, 4990]);
    expect(at(await merchant.show(order_id), 'data.order')).toMatchObject({
      status: 'aprovado',
      total_paid: 15_990,
      amounts: { sub_total: 14_990, installment_fee: 0 },
    });
    const upSold = (await world.webhooks()).find(({ body }) => body['event'] === 'order_up_sold');
    expect(upSold?.body['data']).toMatchObject({ order_id });
    await world.control.act(order_id, 'refund');
    const refused = await merchant.post('/v1/orders/upsell', { upsell_hash, products_value: 4990, products });
    expect(refused.status).toBe(404);
  });

  it('a card payment can start a subscription', async () => {
    const subscription = { interval: 'monthly', interval_count: 1 };
    const answer = await merchant.payByCard(await merchant.order(), cards.approved, {}, { subscription });
    expect(answer.status).toBeLessThan(300);
    expect(await world.events()).toContain('subscription_created');
  });

  describe('errors', () => {
    it('an error has the form of its generation', async () => {
      const unknown = await merchant.get('/v1/orders/1');
      expect(unknown.body).toEqual(
        api === 'g1' ? { error: { message: 'Order not found.' } } : { message: 'Order not found.' },
      );
      const paid = await merchant.payByCard(await merchant.paidOrder());
      const message = 'The order is already paid.';
      expect(paid.body).toEqual(api === 'g1' ? { errors: { message } } : { error: { message } });
    });

    it.each([
      ['message', 404, { message: 'Order not found.' }],
      ['error_message', 404, { error: { message: 'Order not found.' } }],
      ['errors_message', 404, { errors: { message: 'Order not found.' } }],
      ['errors_fields', 404, { errors: { message: { request: ['Order not found.'] } } }],
      ['success_false', 200, { success: false, data: { message: 'Order not found.' } }],
      ['empty_data', 404, { data: [] }],
    ] as const)('an error has the form %s on demand', async (error_form, status, body) => {
      await world.control.change({ error_form });
      const answer = await merchant.get('/v1/orders/1');
      expect([answer.status, answer.body]).toEqual([status, body]);
    });

    it('an error has the trace headers that are worth logging', async () => {
      const { headers } = await merchant.get('/v1/orders/1');
      for (const name of ['cf-ray', 'x-request-id', 'x-trace-id']) expect(headers.get(name)).toBeTruthy();
    });

    it('a malformed body and an unknown route are answered with an error', async () => {
      expect((await merchant.post('/v1/orders', '{')).status).toBe(400);
      expect((await merchant.post('/v1/nonsense', {})).status).toBe(404);
    });
  });

  describe('limits', () => {
    it('a merchant gets a burst of 50 calls, then 429 with Retry-After', async () => {
      await world.control.change({ rate_limits: true });
      // On a busy machine 200 calls take several seconds, and in each second five more are allowed.
      const answers = await Promise.all(Array.from({ length: 200 }, () => merchant.get('/v1/orders/1')));
      const limited = answers.filter(({ status }) => status === 429);
      expect(limited.length).toBeGreaterThan(0);
      expect(answers.length - limited.length).toBeGreaterThanOrEqual(50);
      expect(limited[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(limited[0]?.headers.get('x-ratelimit-limit')).toBe('50');
      expect(limited[0]?.headers.get('x-ratelimit-remaining')).toBe('0');
      const other = await SimulatorMerchant.create(world, 'outra-loja');
      expect((await other.get('/v1/orders/1')).status).toBe(404);
    });

    it('a route allows 60 calls a minute per source if that limit is on', async () => {
      await world.control.change({ route_rate_limits: true });
      const answers = await Promise.all(Array.from({ length: 61 }, () => merchant.get('/v1/orders/1')));
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
    });

    it('requests for tokens count towards the merchant’s quota', async () => {
      await world.control.change({ rate_limits: true, monthly_quota: 2 });
      const { client_id, client_secret } = await world.control.createMerchant();
      expect((await world.askToken(client_id, client_secret)).status).toBe(200);
      expect((await world.askToken(client_id, client_secret)).status).toBe(200);
      expect((await world.askToken(client_id, client_secret)).status).toBe(429);
    });
  });
});

it('a merchant can have another generation of answers than the others', async () => {
  const world = await SimulatorWorld.start('g2');
  try {
    await world.control.createMerchant({ external_key: 'loja-teste', api: 'g1' });
    const merchant = await SimulatorMerchant.create(world);
    expect(at((await merchant.paidOrder()).answer, 'data.payment.pay_reference')).toEqual(expect.any(String));
  } finally {
    await world.close();
  }
});
