import { cards, SimulatorMerchant } from './support/simulator-merchant';
import { SimulatorWorld } from './support/simulator-world';

describe('webhooks of the simulator', () => {
  let world: SimulatorWorld;
  let merchant: SimulatorMerchant;
  beforeAll(async () => (world = await SimulatorWorld.start('g2')));
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.reset();
    await world.control.stopClock();
    merchant = await SimulatorMerchant.create(world);
  });

  it('a webhook has two headers, and no signature', async () => {
    await merchant.paidOrder();
    const [webhook] = await world.webhooks();
    const { host, connection, 'content-length': length, ...headers } = webhook?.headers ?? {};
    expect([host, connection, length]).toEqual([expect.any(String), 'keep-alive', expect.any(String)]);
    expect(headers).toEqual({ 'content-type': 'application/json', 'user-agent': 'GuzzleHttp/7' });
  });

  it('a webhook has the App Store envelope with the app’s UUID and the merchant’s key', async () => {
    const { order_id } = await merchant.paidOrder();
    const [webhook] = await world.webhooks();
    expect(webhook?.path).toBe('/webhooks/appmax');
    expect(webhook?.body).toMatchObject({
      event: 'order_approved',
      event_type: 'order',
      data: { order_id, status: 'aprovado', total: 11_000 },
      site_id: expect.any(String) as string,
      app_id: world.environment.SIMULATOR_APP_ID_UUID,
      client_key: 'loja-teste',
      external_key: 'loja-teste',
      partner_merchant: { merchant_email: expect.any(String) as string },
    });
  });

  it.each([
    ['standard', 'OrderPaid', ['id', 'customer_id']],
    ['standard_meta', 'OrderPaid', ['id', 'customer_id', 'meta']],
    ['two_level_flat', 'OrderPaid', ['order_id', 'order_total_products']],
    ['custom_content', 'OrderPaid', ['order_id']],
    ['old_legacy', 'order_paid', ['order_id']],
    ['old_legacy_nested', 'order_paid', ['order']],
  ] as const)('a webhook can have the content model %s', async (content_model, event, fields) => {
    await world.control.change({ content_model, app_store_envelope: false, webhook_ids: 'text' });
    const { order_id } = await merchant.paidOrder();
    const body = (await world.webhooks())
      .map((webhook) => webhook.body)
      .find((sent) => sent['event'] === event);
    const data = body?.['data'] as Record<string, unknown>;
    expect(Object.keys(data)).toEqual(expect.arrayContaining([...fields]));
    expect(body).not.toHaveProperty('external_key');
    const order = data['order'] as { id: unknown } | undefined;
    expect(data['order_id'] ?? order?.id ?? data['id']).toBe(String(order_id));
  });

  it('the event names of the older models contain the reason of a refused card', async () => {
    await world.control.change({ content_model: 'standard', app_store_envelope: false });
    await merchant.payByCard(await merchant.order(), cards.declined);
    expect(await world.events()).toEqual(['PaymentNotAuthorized | Reason: Pagamento recusado pelo emissor']);
  });

  it('webhooks about customers are sent if the setting is on', async () => {
    await world.control.change({ customer_webhooks: true });
    await merchant.customer();
    expect((await world.webhooks())[0]?.body).toMatchObject({
      event: 'customer_created',
      event_type: 'customer',
    });
  });

  it('webhooks are sent to the merchant’s registered URL in the merchant’s content model', async () => {
    const url = `${(await world.control.settings()).service_url}/webhooks/appmax?token=abc`;
    const form = new URLSearchParams({ external_key: 'loja-teste', url, content_model: 'two_level_flat' });
    expect((await world.call('GET', '/sandbox/v2/apphook')).text).toContain('loja-teste');
    expect((await world.call('POST', '/sandbox/v2/apphook', { body: form })).status).toBe(303);
    await merchant.payByPix((await merchant.order()).order_id);
    const [webhook] = await world.webhooks();
    expect(webhook?.path).toBe('/webhooks/appmax?token=abc');
    expect(webhook?.body).toMatchObject({ event: 'OrderPixCreated', data: { order_total_products: 100 } });
    expect(webhook?.body).not.toHaveProperty('external_key');
  });

  it('a failed webhook is repeated after 30 minutes, 2 hours and 4 hours, then dropped', async () => {
    world.webhook = { status: 500, body: { message: 'broken' } };
    await merchant.payByPix((await merchant.order()).order_id);
    await world.control.change({ automatic: false });
    const tries: number[] = [];
    for (const seconds of [1800, 7200, 14_400, 100_000]) {
      tries.push((await world.webhooks()).length);
      await world.control.advanceClock(seconds);
    }
    expect(tries).toEqual([1, 2, 3, 4]);
    expect(await world.webhooks()).toHaveLength(4);
    const [delivery] = await world.control.webhooks();
    expect(delivery).toMatchObject({ state: 'given_up', attempts: [{ status: 500 }, {}, {}, {}] });
    expect(delivery?.attempts[0]?.answer).toContain('broken');
  });

  it('a webhook is delivered with any 2xx, and follows no redirect', async () => {
    world.webhook = { status: 204, body: {} };
    await merchant.payByPix((await merchant.order()).order_id);
    await world.webhooks();
    world.webhook = { status: 307, body: {}, headers: { location: '/webhooks/appmax/elsewhere' } };
    await merchant.payByBoleto((await merchant.order()).order_id);
    expect((await world.webhooks()).map(({ path }) => path)).toEqual([
      '/webhooks/appmax',
      '/webhooks/appmax',
    ]);
    expect((await world.control.webhooks()).map(({ state }) => state)).toEqual(['retrying', 'delivered']);
  });

  it('a webhook without a response fails at its timeout', async () => {
    await world.control.change({ webhook_timeout_seconds: 0.2 });
    world.webhook = undefined;
    await merchant.payByPix((await merchant.order()).order_id);
    await world.webhooks();
    const [delivery] = await world.control.webhooks();
    expect(delivery).toMatchObject({
      state: 'retrying',
      attempts: [{ status: null, error: 'no answer within 200 ms' }],
    });
  });

  it('rules can duplicate, drop, delay, hold and reorder webhooks', async () => {
    await world.control.addWebhookRule({ action: 'duplicate', event: 'order_paid', copies: 2 });
    await world.control.addWebhookRule({ action: 'drop', event: 'order_approved' });
    await merchant.paidOrder();
    expect(await world.events()).toEqual(['order_paid', 'order_paid', 'order_paid']);
    expect((await world.control.webhookRules()).map(({ hits }) => hits)).toEqual([1, 1]);

    await world.control.clearWebhookRules();
    world.received.length = 0;
    await world.control.addWebhookRule({ action: 'delay', seconds: 90, event: 'order_approved' });
    await merchant.paidOrder();
    expect(await world.events()).toEqual(['order_paid']);
    await world.control.advanceClock(90);
    expect(await world.events()).toEqual(['order_paid', 'order_approved']);

    await world.control.clearWebhookRules();
    world.received.length = 0;
    await world.control.addWebhookRule({ action: 'reorder', size: 2 });
    await merchant.paidOrder();
    expect(await world.events()).toEqual(['order_paid', 'order_approved']);

    await world.control.clearWebhookRules();
    world.received.length = 0;
    await world.control.addWebhookRule({ action: 'hold' });
    await merchant.paidOrder();
    expect(await world.events()).toEqual([]);
    expect(await world.control.releaseWebhooks('reverse')).toEqual({ released: 2 });
    expect(await world.events()).toEqual(['order_paid', 'order_approved']);
  });

  it('a webhook can be sent again', async () => {
    await merchant.payByPix((await merchant.order()).order_id);
    await world.webhooks();
    const [delivery] = await world.control.webhooks({ event: 'order_pix_created' });
    expect(await world.control.resend(delivery?.id ?? 0)).toMatchObject({
      attempts: [{ status: 200 }, { status: 200 }],
    });
    expect(await world.webhooks()).toHaveLength(2);
  });

  it('a webhook can be forged with any event, order and body', async () => {
    const { order_id } = await merchant.order();
    const forged = await world.control.forge({ event: 'order_paid', order_id, status: 'aprovado' });
    expect(forged).toMatchObject({ origin: 'forged', state: 'delivered', external_key: 'loja-teste' });
    await world.control.forge({ event: 'order_refund', order_id: 4242, content_model: 'standard' });
    await world.control.forge({ event: 'subscription_delayed' });
    await world.control.forge({ body: { event: 'Something', data: [] } });
    expect((await world.webhooks()).map(({ body }) => [body['event'], body['data']])).toEqual([
      ['order_paid', expect.objectContaining({ order_id, status: 'aprovado' })],
      ['OrderRefund', expect.objectContaining({ id: 4242 })],
      ['subscription_delayed', expect.anything()],
      ['Something', []],
    ]);
    expect(await merchant.status(order_id)).toBe('pendente');
    await expect(world.control.forge({ event: 'nonsense' })).rejects.toMatchObject({ status: 400 });
  });
});
