import { type Answer, send } from './support/http';
import { cards, SimulatorMerchant } from './support/simulator-merchant';
import { SimulatorWorld } from './support/simulator-world';

describe('pages of the simulator', () => {
  let world: SimulatorWorld;
  let merchant: SimulatorMerchant;
  beforeAll(async () => (world = await SimulatorWorld.start('g2')));
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.reset();
    merchant = await SimulatorMerchant.create(world);
  });

  const page = (path: string): Promise<Answer> =>
    send('GET', `${world.origin}${path}`, { headers: { accept: 'text/html' } });
  const press = (path: string, form: Record<string, string> = {}): Promise<Answer> =>
    world.call('POST', path, { body: new URLSearchParams(form) });

  it.each(['/', '/merchants', '/webhooks', '/faults', '/ledger', '/requests', '/settings'])(
    'the page %s works',
    async (path) => {
      await merchant.paidOrder();
      const answer = await page(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'/);
      expect(answer.text).not.toMatch(/<script|<style|style=|onclick/);
    },
  );

  it('the pages escape user input', async () => {
    const { order_id } = await merchant.order({
      products: [{ sku: '<script>1</script>', name: '"><img src=x>', quantity: 1, unit_value: 1000 }],
      discount_value: 0,
    });
    const { text } = await page(`/orders/${order_id}`);
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toMatch(/<script|<img src=x/);
  });

  it('an order’s page shows its Pix as an image, and its button pays it', async () => {
    const { order_id } = await merchant.order();
    await merchant.payByPix(order_id);
    const before = await page(`/orders/${order_id}`);
    expect(before.text).toContain('data:image/png;base64,');
    expect(before.text).toContain(`action="/orders/${order_id}/pay"`);
    const answer = await press(`/orders/${order_id}/pay`);
    expect(answer.status).toBe(303);
    expect((await page(answer.headers.get('location') ?? '')).text).toContain('aprovado');
    expect(await merchant.status(order_id)).toBe('aprovado');
  });

  it('a form gives an order any status', async () => {
    const { order_id } = await merchant.order();
    expect((await page(`/orders/${order_id}`)).text).toContain(`action="/orders/${order_id}/set-status"`);
    await press(`/orders/${order_id}/set-status`, { status: 'em_analise' });
    expect(await merchant.status(order_id)).toBe('em_analise');
  });

  it('an impossible action is answered to a browser as a page', async () => {
    const { order_id } = await merchant.order();
    const impossible = await send('POST', `${world.origin}/orders/${order_id}/refund`, {
      headers: { accept: 'text/html' },
    });
    expect(impossible.status).toBe(409);
    expect(impossible.text).toContain('not possible');
    const unknown = await page('/orders/1');
    expect([unknown.status, unknown.text]).toEqual([404, expect.stringContaining('order not found')]);
    const nowhere = await page('/nowhere');
    expect([nowhere.status, nowhere.text]).toEqual([404, expect.stringContaining('no page at /nowhere')]);
    expect((await send('GET', `${world.origin}/nowhere`)).body).toEqual({ message: 'Not Found' });
  });

  it('the ledger page lists orders that were charged more than once', async () => {
    const order = await merchant.order();
    await merchant.payByCard(order, cards.authorized);
    await merchant.payByCard(order, cards.authorized);
    await world.control.act(order.order_id, 'approve');
    expect((await page('/ledger')).text).toContain('Charged more than once');
  });

  it('a webhook is shown with its response, and a button sends it again', async () => {
    await merchant.payByPix((await merchant.order()).order_id);
    await world.webhooks();
    const [delivery] = await world.control.webhooks();
    expect((await page('/webhooks')).text).toContain('200 in');
    expect((await press(`/webhooks/${delivery?.id ?? 0}/resend`)).status).toBe(303);
    expect((await page(`/webhooks/${delivery?.id ?? 0}`)).text).toContain('order_pix_created');
    expect(await world.webhooks()).toHaveLength(2);
  });

  it('faults and webhook rules can be added and removed', async () => {
    await press('/faults', { kind: 'status', route: '/v1/*', when: 'before', status: '500', times: '' });
    expect((await merchant.get('/v1/orders/1')).status).toBe(500);
    const [fault] = await world.control.faults();
    await press(`/faults/${fault?.id ?? 0}/remove`);
    expect((await merchant.get('/v1/orders/1')).status).toBe(404);
    await press('/faults', { kind: 'token_revoked', route: '', when: 'before', times: '1' });
    expect(await world.control.faults()).toMatchObject([{ kind: 'token_revoked', route: '/v1/*' }]);
    await press('/faults/clear');
    await press('/faults', {
      kind: 'late',
      route: 'POST /v1/orders',
      answer: '500',
      seconds: '600',
      times: '1',
    });
    await merchant.order();
    expect((await page('/faults')).text).toContain('Late effects: run 1 now');
    await press('/late-effects');
    expect(await world.control.lateEffects()).toEqual({ pending: 0 });
    await press('/webhook-rules', { action: 'drop', event: '', times: '3' });
    expect(await world.control.webhookRules()).toMatchObject([{ action: 'drop', times: 3 }]);
    await press('/webhook-rules/clear');
    expect(await world.control.webhookRules()).toEqual([]);
  });

  it('a merchant can be installed, given another generation, and uninstalled', async () => {
    const answer = await press('/merchants', { external_key: 'nova-loja' });
    const credentials = /client_id.*?code">(.+?)<.*?client_secret.*?code">(.+?)</s.exec(answer.text) ?? [];
    expect((await world.askToken(credentials[1] ?? '', credentials[2] ?? '')).status).toBe(200);
    await press('/merchants/nova-loja', { api: 'g1' });
    expect((await world.control.merchants())[0]).toMatchObject({ external_key: 'nova-loja', api: 'g1' });
    await press('/merchants/nova-loja/uninstall');
    expect((await world.askToken(credentials[1] ?? '', credentials[2] ?? '')).status).toBe(401);
  });

  it('the clock can be stopped, moved and sped up, and the browser is redirected to its page', async () => {
    const headers = { referer: `${world.origin}/ledger` };
    const stopped = await send('POST', `${world.origin}/clock/stop`, { headers });
    expect(stopped.headers.get('location')).toMatch(/^\/ledger\?notice=/);
    const before = Date.parse((await world.control.clock()).now);
    await press('/clock/advance/60');
    expect(Date.parse((await world.control.clock()).now)).toBe(before + 60_000);
    await press('/clock/speed/60');
    await press('/clock/start');
    expect(await world.control.clock()).toMatchObject({ running: true, speed: 60 });
  });

  it('the settings can be saved', async () => {
    await press('/settings', { pix_form: 'payment', settle_after_seconds: '', utc_offset_hours: '-3' });
    expect(await world.control.settings()).toMatchObject({
      pix_form: 'payment',
      settle_after_seconds: null,
      utc_offset_hours: -3,
    });
  });

  it('a form that another site makes the browser send is refused', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    for (const path of ['/reset', '/_simulator/reset', '/faults/clear']) {
      expect((await send('POST', `${world.origin}${path}`, { headers })).status).toBe(403);
    }
  });
});
