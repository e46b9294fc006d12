import { at, products, shopper, SimulatorMerchant } from './support/simulator-merchant';
import { document, SimulatorWorld } from './support/simulator-world';

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
    it('answers an id, and updates the same customer for the same name, e-mail, phone and ip', async () => {
      const answer = await merchant.post('/v1/customers', shopper);
      expect(answer.status).toBe(created);
      const id = at(answer, 'data.customer.id');
      expect(answer.body).toEqual({ data: { customer: { id } } });
      expect(await merchant.customer({ address: undefined, tracking: { utm_source: 'mail' } })).toBe(id);
      expect(await merchant.customer({ phone: '11900000000' })).not.toBe(id);
    });

    it('names every field that is wrong', async () => {
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
    it('creates an order, another one each time', async () => {
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
    ])('refuses %j', async (body, field) => {
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

    it('shows an order that is paid', async () => {
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

    it(`${api === 'g2' ? 'adds' : 'does not add'} refund.refunded_at once refunded`, async () => {
      const { order_id } = await merchant.paidOrder();
      await world.control.act(order_id, 'refund');
      const answer = await merchant.show(order_id);
      expect(at(answer, 'data.order.status')).toBe('estornado');
      if (api === 'g2') expect(at(answer, 'data.refund.refunded_at')).toMatch(instant);
      else expect(answer.body['data']).not.toHaveProperty('refund');
    });

    it('knows only the merchant’s own orders', async () => {
      const { order_id } = await merchant.order();
      const other = await SimulatorMerchant.create(world, 'outra-loja');
      for (const id of [order_id, 0, 99, 'abc'])
        expect((await other.get(`/v1/orders/${id}`)).status).toBe(404);
    });
  });
});
