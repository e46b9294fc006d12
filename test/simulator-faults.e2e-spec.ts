import { at, SimulatorMerchant } from './support/simulator-merchant';
import { SimulatorWorld } from './support/simulator-world';

describe('faults of the simulator', () => {
  let world: SimulatorWorld;
  let merchant: SimulatorMerchant;
  beforeAll(async () => (world = await SimulatorWorld.start('g2')));
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.reset();
    merchant = await SimulatorMerchant.create(world);
  });

  const orderCount = async (): Promise<number> => (await world.control.orders()).length;
  const createOrder = async (customer_id: number): Promise<{ status: number; text: string }> =>
    merchant.post('/v1/orders', {
      customer_id,
      products: [{ sku: 'a', name: 'A', quantity: 1, unit_value: 1000 }],
      discount_value: 0,
      shipping_value: 0,
    });

  describe.each(['before', 'after'] as const)('%s the effect', (when) => {
    const effect = when === 'after' ? 1 : 0;
    let customer: number;
    beforeEach(async () => (customer = await merchant.customer()));

    it.each([
      [{ kind: 'status' }, 503, /^\{"message":"Service Unavailable"\}$/],
      [
        { kind: 'status', status: 504, form: 'error_message', message: 'late' },
        504,
        /^\{"error":\{"message":"late"\}\}$/,
      ],
      [{ kind: 'status', status: 500, body: { anything: [1] } }, 500, /^\{"anything":\[1\]\}$/],
      [{ kind: 'html' }, 502, /^<html>.*502 Bad Gateway/s],
      [{ kind: 'empty_body' }, 200, /^$/],
      [{ kind: 'empty_body', status: 201 }, 201, /^$/],
      [{ kind: 'empty_data' }, 200, /^\{"data":\[\]\}$/],
      [{ kind: 'success_false', message: 'no' }, 200, /^\{"success":false,"data":\{"message":"no"\}\}$/],
      [{ kind: 'token_revoked' }, 401, /Unauthenticated/],
    ] as const)('the fault %j gives its answer', async (fault, status, body) => {
      await world.control.addFault({ ...fault, route: 'POST /v1/orders', when });
      const answer = await createOrder(customer);
      expect(answer.status).toBe(status);
      expect(answer.text).toMatch(body);
      expect(await orderCount()).toBe(effect);
      if (fault.kind === 'token_revoked') expect((await createOrder(customer)).status).toBe(401);
      else expect((await createOrder(customer)).status).toBe(201);
    });

    it.each([{ kind: 'reset' }, { kind: 'truncate' }, { kind: 'hang', seconds: 0.2 }] as const)(
      'the fault %j gives no complete answer',
      async (fault) => {
        await world.control.addFault({ ...fault, route: 'POST /v1/orders', when });
        await expect(createOrder(customer)).rejects.toThrow();
        expect(await orderCount()).toBe(effect);
        expect((await createOrder(customer)).status).toBe(201);
      },
    );

    it('the fault drip gives a slow but complete answer', async () => {
      await world.control.addFault({ kind: 'drip', seconds: 0.4, route: 'POST /v1/orders', when });
      const startedAt = Date.now();
      const answer = await createOrder(customer);
      expect(Date.now() - startedAt).toBeGreaterThanOrEqual(300);
      expect(() => JSON.parse(answer.text) as unknown).not.toThrow();
      expect(await orderCount()).toBe(effect);
    });
  });

  it('a fault can set the lifetime of a token', async () => {
    await world.control.addFault({ kind: 'expires_in', expires_in: 30 });
    const { client_id, client_secret } = await world.control.createMerchant();
    expect((await world.askToken(client_id, client_secret)).body).toMatchObject({ expires_in: 30 });
    expect((await world.askToken(client_id, client_secret)).body).toMatchObject({ expires_in: 3600 });
  });

  it('all tokens of a merchant can be revoked', async () => {
    expect(await world.control.revokeTokens('loja-teste')).toEqual({ revoked: 1 });
    expect((await merchant.get('/v1/orders/1')).status).toBe(401);
  });

  it('a fault can skip a number of calls, hit a number of calls, and apply to one merchant', async () => {
    await world.control.addFault({ kind: 'status', skip: 1, times: 2, external_key: 'loja-teste' });
    const other = await SimulatorMerchant.create(world, 'outra-loja');
    const statuses = [];
    for (let call = 0; call < 4; call += 1) {
      statuses.push((await merchant.get('/v1/orders/1')).status, (await other.get('/v1/orders/1')).status);
    }
    expect(statuses).toEqual([404, 404, 503, 404, 503, 404, 404, 404]);
    expect(await world.control.faults()).toMatchObject([{ hits: 2 }]);
  });

  it('a fault can be removed', async () => {
    const first = await world.control.addFault({ kind: 'status', times: null });
    await world.control.removeFault(first.id);
    await world.control.addFault({ kind: 'html', times: null });
    expect((await merchant.get('/v1/orders/1')).status).toBe(502);
    await world.control.clearFaults();
    expect((await merchant.get('/v1/orders/1')).status).toBe(404);
  });

  it('an invalid fault is refused with its invalid fields', async () => {
    const refused = await world.call('POST', '/_simulator/faults', { body: { kind: 'explode', times: 0 } });
    expect(refused.status).toBe(400);
    expect(refused.body['message']).toMatch(/kind: .*times: /s);
  });

  describe('the request log', () => {
    it('the request log counts calls by route and shows their faults, without card numbers', async () => {
      const order = await merchant.order();
      await world.control.addFault({ kind: 'status', route: 'POST /v1/payments/credit-card' });
      await merchant.payByCard(order);
      await merchant.payByCard(order);
      const log = await world.control.requests();
      expect(log.by_route).toMatchObject({ 'POST /v1/orders': 1, 'POST /v1/payments/credit-card': 2 });
      expect(log.requests.slice(0, 2)).toMatchObject([
        { status: 201, external_key: 'loja-teste', fault: null },
        { status: 503, fault: expect.stringContaining('status 503 before the effect') as string },
      ]);
      const text = JSON.stringify(log);
      expect(text).toContain('400000******0010');
      for (const secret of ['4000000000000010', '"cvv":"123"', merchant.token])
        expect(text).not.toContain(secret);
    });

    it('the request log can be cleared', async () => {
      await merchant.get('/v1/orders/1');
      await world.control.clearRequests();
      expect(await world.control.requests()).toEqual({ total: 0, by_route: {}, requests: [] });
    });
  });

  it('settings are checked before they are changed', async () => {
    const refused = await world.call('PUT', '/_simulator/settings', { body: { api: 'g3', nonsense: true } });
    expect(refused.status).toBe(400);
    expect((await world.control.settings()).api).toBe('g2');
    const merchantOfG1 = await world.control.changeMerchant('loja-teste', { api: 'g1' });
    expect(merchantOfG1).toMatchObject({ external_key: 'loja-teste', api: 'g1' });
    expect(at((await merchant.paidOrder()).answer, 'data.payment.status')).toBe('aprovado');
  });
});
