import { callShop, cardPayment, CUSTOMER, ORDER, SECRET, typedCard, World } from './contract/world';

const UPSELL = { products_value: 4_990, products: [{ ...ORDER.products[0], unit_value: 4_990 }] };

describe.each(['g1', 'g2'] as const)('The routes around a sale, with Appmax answering as %s', (api) => {
  let world: World;

  beforeAll(async () => {
    world = await World.create(api);
  });

  afterAll(async () => {
    await world.close();
  });

  it("the config has the shop's external_id and the environment for the browser's tokenization", async () => {
    const { body } = await world.shop('config');
    const listed = await world.get(`/admin/installations?external_key=${world.key}`, SECRET);
    expect((listed.body['data'] as { external_id: string }[])[0]!.external_id).toBe(body['external_id']);
    const production = await world.withService(
      { APPMAX_ADMIN_URL: 'https://admin.appmax.com.br' },
      (service) => callShop(service, world.key, 'config'),
    );
    expect(body['script_url']).toBe('https://scripts.sandboxappmax.com.br/appmax.min.js');
    expect(production.body).toEqual({
      ...body,
      environment: 'production',
      script_url: 'https://scripts.appmax.com.br/appmax.min.js',
    });
  });

  it('installments have a value and a total that match to the cent', async () => {
    const { body } = await world.shop('installments?total_value=10000&installments=6');
    const plans = body as unknown as { installments: number; value: number; total_value: number }[];
    expect(plans.map(({ installments }) => installments)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(plans[0]).toEqual({ installments: 1, value: 10_000, total_value: 10_000 });
    for (const { installments, value, total_value: total } of plans) {
      expect(Number.isInteger(value) && Number.isInteger(total)).toBe(true);
      expect(Math.abs(value * installments - total)).toBeLessThanOrEqual(installments / 2);
      expect(total).toBeGreaterThanOrEqual(10_000);
    }
  });

  it('a card token can pay once', async () => {
    const { body } = await world.shop('tokenize', typedCard());
    const { holder_name, holder_document_number } = cardPayment();
    const pay = (): ReturnType<World['shop']> =>
      world.shop('pay/credit-card', {
        customer: CUSTOMER,
        order: ORDER,
        payment: { token: body['token'], holder_name, holder_document_number },
      });
    expect((await pay()).body).toMatchObject({ status: 'aprovado' });
    expect((await pay()).status).toBeGreaterThanOrEqual(400);
  });

  it('an upsell charges the same card, and its order is saved if the answer has its id', async () => {
    // With webhooks, the order would be saved anyway.
    await world.control.change({ webhooks: false });
    const first = await world.paidOrder();
    const answer = await world.shop('upsell', { ...UPSELL, upsell_hash: first.body['upsell_hash'] });
    await world.control.change({ webhooks: true });
    expect([answer.status, typeof answer.body['redirect_url']]).toEqual([200, 'string']);
    const atAppmax = await world.control.orders({ external_key: world.key });
    const made = atAppmax.find((order) => order.upsell_of === first.body['order_id'])!;
    expect(made).toMatchObject({ captured: 4_990, status: 'aprovado' });
    const ours = await world.get(`/admin/orders/${made.id}`, SECRET);
    const known = { external_key: world.key, status: 'aprovado', total_cents: 4_990 };
    expect(ours.body).toMatchObject(
      api === 'g1' ? known : { message: 'order not found', code: 'order_not_found' },
    );
  });

  it('an upsell with an unknown hash is answered 404', async () => {
    const answer = await world.shop('upsell', { ...UPSELL, upsell_hash: 'nonsense' });
    expect([answer.status, typeof answer.body['message']]).toEqual([404, 'string']);
  });

  it('a refund request leaves the status of the order until the money is returned', async () => {
    const orderId = await world.paidOrderId();
    const partial = { order_id: orderId, type: 'partial', value: 1_000 };
    expect((await world.shop('refund', partial, SECRET)).status).toBe(200);
    expect((await world.shop(`status/${orderId}`)).body).toEqual({ status: 'aprovado' });
    const { refunds } = await world.control.order(orderId);
    expect(refunds).toMatchObject([{ type: 'partial', amount: 1_000, completed_at: null }]);
  });

  it("a refused refund is answered with Appmax's message", async () => {
    const orderId = await world.newOrder();
    const answer = await world.shop('refund', { order_id: orderId, type: 'total' }, SECRET);
    expect([answer.status, typeof answer.body['message']]).toEqual([404, 'string']);
  });

  it('a tracking code is sent to Appmax', async () => {
    const orderId = await world.paidOrderId();
    await world.shop('tracking', { order_id: orderId, shipping_tracking_code: 'BR123456789' }, SECRET);
    expect((await world.control.order(orderId)).tracking_code).toBe('BR123456789');
  });

  it('refunds and tracking codes need a secret key', async () => {
    const orderId = await world.paidOrderId();
    const refund = await world.shop('refund', { order_id: orderId, type: 'total' });
    const tracking = await world.shop('tracking', { order_id: orderId, shipping_tracking_code: 'x' });
    expect([refund.status, tracking.status]).toEqual([401, 401]);
    expect(await world.control.order(orderId)).toMatchObject({ refunds: [], tracking_code: null });
  });

  it("an order of another shop's cannot be refunded or tracked", async () => {
    const orderId = await world.paidOrderId();
    const { external_key: other, client_id, client_secret } = await world.control.createMerchant();
    await world.service.send('POST', '/integrations/appmax/callback/install', {
      body: {
        app_id: world.simulator.appIdNumeric,
        external_key: other,
        client_key: other,
        client_id,
        client_secret,
      },
    });
    const bodies = { refund: { type: 'total' }, tracking: { shipping_tracking_code: 'x' } };
    for (const [route, fields] of Object.entries(bodies)) {
      const answer = await callShop(world.service, other, route, { order_id: orderId, ...fields }, SECRET);
      expect([answer.status, answer.body]).toEqual([
        404,
        { message: 'order not found', code: 'order_not_found' },
      ]);
    }
  });
});
