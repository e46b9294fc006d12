import { eventually } from './support/eventually';
import { type Answer } from './support/http';
import { at, cards, products, SimulatorMerchant } from './support/simulator-merchant';
import { SimulatorWorld } from './support/simulator-world';

interface Case {
  readonly route: string;
  /** Makes the call that the fault hits. */
  readonly call: (
    merchant: SimulatorMerchant,
    order: { order_id: number; customer_id: number },
  ) => Promise<Answer>;
  /** True if the order is paid by card before the call. */
  readonly paid?: true;
  readonly happened: (world: SimulatorWorld, orderId: number) => Promise<boolean>;
  readonly event?: string;
}

async function hasPayment(world: SimulatorWorld, orderId: number): Promise<boolean> {
  return (await world.control.order(orderId)).payments.length === 1;
}

const cases: readonly Case[] = [
  {
    route: 'POST /v1/payments/credit-card',
    call: (merchant, order) => merchant.payByCard(order),
    happened: async (world, orderId) => (await world.control.ledger(orderId)).length === 1,
    event: 'order_approved',
  },
  {
    route: 'POST /v1/payments/pix',
    call: (merchant, { order_id }) => merchant.payByPix(order_id),
    happened: hasPayment,
    event: 'order_pix_created',
  },
  {
    route: 'POST /v1/payments/boleto',
    call: (merchant, { order_id }) => merchant.payByBoleto(order_id),
    happened: hasPayment,
    event: 'order_billet_created',
  },
  {
    route: 'POST /v1/orders',
    call: (merchant, { customer_id }) =>
      merchant.post('/v1/orders', { customer_id, products, discount_value: 0, shipping_value: 0 }),
    happened: async (world) => (await world.control.orders()).length === 2,
  },
  {
    route: 'POST /v1/orders/upsell',
    paid: true,
    call: async (merchant, { order_id }) => {
      const upsell_hash = await merchant.upsellHash(order_id);
      return merchant.post('/v1/orders/upsell', { upsell_hash, products_value: 4990, products });
    },
    happened: async (world) => (await world.control.ledger()).length === 2,
    event: 'order_up_sold',
  },
  {
    route: 'POST /v1/orders/refund-request',
    paid: true,
    call: (merchant, { order_id }) => merchant.post('/v1/orders/refund-request', { order_id, type: 'total' }),
    happened: async (world, orderId) => (await world.control.order(orderId)).refunds.length === 1,
  },
];

describe('late effects on the simulator', () => {
  let world: SimulatorWorld;
  let merchant: SimulatorMerchant;
  beforeAll(async () => (world = await SimulatorWorld.start('g2')));
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.reset();
    merchant = await SimulatorMerchant.create(world);
  });

  it.each(cases)('$route is answered 502 at once, and carried out later', async (row) => {
    const order = row.paid === true ? await merchant.paidOrder() : await merchant.order();
    await world.control.addFault({ kind: 'late', route: row.route, seconds: 600 });
    expect((await row.call(merchant, order)).status).toBe(502);
    expect(await world.control.lateEffects()).toEqual({ pending: 1 });
    expect(await row.happened(world, order.order_id)).toBe(false);
    expect(await world.control.runLateEffects()).toEqual({ ran: 1 });
    expect(await row.happened(world, order.order_id)).toBe(true);
    if (row.event !== undefined) expect(await world.events()).toContain(row.event);
    expect((await world.control.requests()).requests[0]).toMatchObject({
      route: row.route,
      status: 502,
      late_status: expect.any(Number) as number,
    });
  });

  it('a late effect happens by itself after its delay', async () => {
    const order = await merchant.order();
    await world.control.addFault({ kind: 'late', route: 'POST /v1/payments/credit-card', seconds: 0.3 });
    await merchant.payByCard(order);
    expect(await merchant.status(order.order_id)).toBe('pendente');
    await eventually(async () => {
      expect(await merchant.status(order.order_id)).toBe('aprovado');
    });
  });

  it.each([
    [{ answer: 504, form: 'error_message', message: 'late' }, 504, '{"error":{"message":"late"}}'],
    [{ answer: 201, body: { data: [] } }, 201, '{"data":[]}'],
  ] as const)('a late effect with %j gives that answer', async (fault, status, text) => {
    const { order_id } = await merchant.order();
    await world.control.addFault({ kind: 'late', ...fault });
    const answer = await merchant.payByPix(order_id);
    expect([answer.status, answer.text]).toEqual([status, text]);
  });

  it('a call with a reset gets no answer, and has its effect later', async () => {
    const { order_id } = await merchant.order();
    await world.control.addFault({ kind: 'late', answer: 'reset', route: 'POST /v1/payments/pix' });
    await expect(merchant.payByPix(order_id)).rejects.toThrow();
    await world.control.runLateEffects();
    expect(await hasPayment(world, order_id)).toBe(true);
  });

  it('a call that hangs gets no answer even when its effect happens', async () => {
    const { order_id } = await merchant.order();
    await world.control.addFault({
      kind: 'late',
      answer: 'hang',
      seconds: 0,
      route: 'POST /v1/payments/pix',
    });
    let isOver = false;
    const over = (): void => void (isOver = true);
    merchant.payByPix(order_id).then(over, over);
    await eventually(async () => {
      expect(await hasPayment(world, order_id)).toBe(true);
    });
    expect(isOver).toBe(false);
  });

  it('a late payment of an order that was paid meanwhile is refused, unless even_if_paid is set', async () => {
    const order = await merchant.order();
    const fault = { kind: 'late', route: 'POST /v1/payments/credit-card' } as const;
    await world.control.addFault(fault);
    await world.control.addFault({ ...fault, even_if_paid: true });
    await merchant.payByCard(order);
    await merchant.payByCard(order);
    await merchant.payByCard(order);
    expect(await world.control.runLateEffects()).toEqual({ ran: 2 });
    expect(await world.control.ledger(order.order_id)).toHaveLength(2);
    const { requests } = await world.control.requests(3);
    expect(requests.map(({ late_status }) => late_status)).toEqual([null, 201, 400]);
  });

  it('a call with an invalid token has no late effect', async () => {
    await world.control.addFault({ kind: 'late', answer: 502 });
    const answer = await world.call('POST', '/v1/orders', { token: 'unknown', body: {} });
    expect(answer.status).toBe(401);
    expect(at(answer, 'message')).toBe('Unauthenticated.');
    expect(await world.control.lateEffects()).toEqual({ pending: 0 });
  });

  it('a late authorised card does not change a paid order', async () => {
    const order = await merchant.order();
    await world.control.addFault({
      kind: 'late',
      route: 'POST /v1/payments/credit-card',
      even_if_paid: true,
    });
    await merchant.payByCard(order, cards.authorized);
    await merchant.payByCard(order);
    await world.control.runLateEffects();
    expect(await merchant.status(order.order_id)).toBe('aprovado');
  });

  it('a reset of the simulator drops pending late effects', async () => {
    const order = await merchant.order();
    await world.control.addFault({ kind: 'late', route: 'POST /v1/payments/credit-card' });
    await merchant.payByCard(order);
    await world.control.reset({ keep_merchants: true });
    expect(await world.control.lateEffects()).toEqual({ pending: 0 });
  });
});
