import { at, cards, products, shopper, SimulatorMerchant } from './support/simulator-merchant';
import { document, SimulatorWorld } from './support/simulator-world';

/** Formats an instant as Appmax does by default, in the time of São Paulo. */
function saoPaulo(iso: string): string {
  return new Date(Date.parse(iso) - 3 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

const instant = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

describe.each(['g1', 'g2'] as const)('checkout on the simulator, %s', (api) => {
  let world: SimulatorWorld;
  let merchant: SimulatorMerchant;
  beforeAll(async () => (world = await SimulatorWorld.start(api)));
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.reset();
    merchant = await SimulatorMerchant.create(world);
  });
  const created = api === 'g1' ? 200 : 201;

  describe('POST /v1/customers', () => {
    it('the same name, e-mail, phone and ip update the same customer', async () => {
      const answer = await merchant.post('/v1/customers', shopper);
      expect(answer.status).toBe(created);
      const id = at(answer, 'data.customer.id');
      expect(answer.body).toEqual({ data: { customer: { id } } });
      expect(await merchant.customer({ address: undefined, tracking: { utm_source: 'mail' } })).toBe(id);
      expect(await merchant.customer({ phone: '11900000000' })).not.toBe(id);
    });

    it('an invalid customer is answered with every invalid field', async () => {
      const answer = await merchant.post('/v1/customers', {
        first_name: 'A',
        email: 'x',
        document_number: '12345678900',
      });
      expect(answer.status).toBe(422);
      expect(Object.keys(at(answer, 'errors.message') as object).sort()).toEqual(
        ['document_number', 'email', 'ip', 'last_name', 'phone'].sort(),
      );
    });
  });

  describe('POST /v1/orders and GET /v1/orders/{id}', () => {
    it('each call creates another order', async () => {
      const body = { customer_id: await merchant.customer(), products, discount_value: 0, shipping_value: 0 };
      const [first, second] = [
        await merchant.post('/v1/orders', body),
        await merchant.post('/v1/orders', body),
      ];
      expect(first.status).toBe(created);
      expect(first.body).toEqual({
        data: { order: { id: expect.any(Number) as number, status: 'pendente' } },
      });
      expect(at(second, 'data.order.id')).not.toBe(at(first, 'data.order.id'));
    });

    it.each([
      [{ customer_id: 1 }, 'customer_id'],
      [{ products: [] }, 'products'],
      [{ products: [{ sku: 'a', name: 'A', quantity: 0 }] }, 'products.0.quantity'],
      [{ products: [{ sku: 'a', name: 'A', quantity: 1 }] }, 'products_value'],
      [{ discount_value: -1 }, 'discount_value'],
      [{ discount_value: 99_999 }, 'discount_value'],
      [{ shipping_value: 1.5 }, 'shipping_value'],
    ])('an order with %j is refused', async (body, field) => {
      const order = {
        customer_id: await merchant.customer(),
        products,
        discount_value: 0,
        shipping_value: 0,
      };
      const answer = await merchant.post('/v1/orders', { ...order, ...body });
      expect(answer.status).toBe(422);
      expect(at(answer, 'errors.message')).toHaveProperty([field]);
    });

    it('a paid order is shown with its payment', async () => {
      const { order_id, customer_id } = await merchant.paidOrder();
      const answer = await merchant.show(order_id);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        data: {
          order: {
            id: order_id,
            status: 'aprovado',
            total_paid: 11_000,
            amounts: { sub_total: 10_000, shipping_value: 1500, discount: 500, installment_fee: 0 },
            created_at: expect.stringMatching(instant) as string,
            updated_at: expect.stringMatching(instant) as string,
          },
          customer: {
            id: customer_id,
            name: 'Marina Souza',
            email: shopper.email,
            document_number: document,
          },
          payment: {
            method: api === 'g1' ? 'credit_card' : 'creditcard',
            installments: 1,
            installments_amount: 11_000,
            card: { brand: 'visa', number: '400000******0010' },
            paid_at: expect.stringMatching(instant) as string,
          },
        },
      });
    });

    it(`a refunded order has ${api === 'g2' ? 'a' : 'no'} refund.refunded_at`, async () => {
      const { order_id } = await merchant.paidOrder();
      await world.control.act(order_id, 'refund');
      const answer = await merchant.show(order_id);
      expect(at(answer, 'data.order.status')).toBe('estornado');
      if (api === 'g2') expect(at(answer, 'data.refund.refunded_at')).toMatch(instant);
      else expect(answer.body['data']).not.toHaveProperty('refund');
    });

    it('an order is shown with the payment that was paid, not with other attempts', async () => {
      await world.control.stopClock();
      const order = await merchant.order();
      await merchant.payByPix(order.order_id);
      await merchant.payByBoleto(order.order_id);
      await merchant.payByCard(order, cards.declined);
      expect(at(await merchant.show(order.order_id), 'data.payment.paid_at')).toBeNull();
      const [pix, boleto] = (await world.control.order(order.order_id)).payments;
      await world.control.advanceClock(60);
      const { updated_at } = await world.control.act(order.order_id, 'pay', { payment_id: boleto?.id ?? 0 });
      const first = await merchant.show(order.order_id);
      expect(at(first, 'data.payment')).toMatchObject({ method: 'boleto', paid_at: saoPaulo(updated_at) });
      expect(at(first, 'data.order')).toMatchObject({
        total_paid: 11_000,
        updated_at: saoPaulo(updated_at),
      });
      await world.control.advanceClock(60);
      const paidTwice = await world.control.act(order.order_id, 'pay', { payment_id: pix?.id ?? 0 });
      const second = await merchant.show(order.order_id);
      expect(at(second, 'data.payment')).toMatchObject({
        method: 'pix',
        paid_at: saoPaulo(paidTwice.updated_at),
      });
      expect(at(second, 'data.order.total_paid')).toBe(22_000);
    });

    it('an order is shown with its earlier status while reads lag', async () => {
      await world.control.stopClock();
      await world.control.change({ order_read_lag_seconds: 30 });
      const { order_id } = await merchant.paidOrder();
      await world.control.advanceClock(29);
      const early = await merchant.show(order_id);
      expect(at(early, 'data.order')).toMatchObject({ status: 'pendente', total_paid: 0 });
      expect(at(early, 'data.payment')).toBeNull();
      await world.control.advanceClock(1);
      const late = await merchant.show(order_id);
      expect(at(late, 'data.order')).toMatchObject({ status: 'aprovado', total_paid: 11_000 });
      expect(at(late, 'data.payment.paid_at')).toMatch(instant);
      await world.control.act(order_id, 'refund');
      expect(await merchant.status(order_id)).toBe('aprovado');
      await world.control.change({ order_read_lag_seconds: 0 });
      expect(await merchant.status(order_id)).toBe('estornado');
    });

    it('a merchant can read only its own orders', async () => {
      const { order_id } = await merchant.order();
      const other = await SimulatorMerchant.create(world, 'outra-loja');
      for (const id of [order_id, 0, 99, 'abc'])
        expect((await other.get(`/v1/orders/${id}`)).status).toBe(404);
    });
  });
});
