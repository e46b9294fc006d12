import type { Answer } from '../support/http';
import { aNumber, aText, aToken, type Row } from './row';
import { cardPayment, CPF, CUSTOMER, ORDER, SECRET, typedCard, type World } from './world';

type Fields = Readonly<Record<string, unknown>>;

const [PRODUCT] = ORDER.products;
const ADDRESS = {
  postcode: '01310100',
  street: 'Avenida Paulista',
  number: '1000',
  district: 'Bela Vista',
  city: 'São Paulo',
  state: 'SP',
};
const SUBSCRIPTION = { interval: 'month', interval_count: 1 };

/** Every request body with all of its fields. */
const WHOLE: Readonly<Record<string, Fields>> = {
  order: {
    customer: {
      ...CUSTOMER,
      ip: '203.0.113.9',
      address: { ...ADDRESS, complement: 'ap 1' },
      products: [PRODUCT],
      tracking: { utm_source: 'a', utm_campaign: 'b' },
    },
    order: { ...ORDER, products: [{ ...PRODUCT, type: 'physical' }] },
  },
  'pay/credit-card': {
    customer_id: 0,
    order_id: 0,
    customer: CUSTOMER,
    order: ORDER,
    payment: { ...cardPayment(), installments: 3, soft_descriptor: 'LOJA' },
    subscription: SUBSCRIPTION,
  },
  'pay/pix': {
    customer: CUSTOMER,
    order: ORDER,
    document_number: '529.982.247-25',
    subscription: { ...SUBSCRIPTION, interval: 'monthly' },
  },
  'pay/boleto': { customer: CUSTOMER, order: ORDER, document_number: '11.222.333/0001-81' },
  tokenize: typedCard(),
  upsell: { upsell_hash: 'x', products_value: 100, products: [PRODUCT] },
  refund: { order_id: 1, type: 'partial', value: 1 },
  tracking: { order_id: 1, shipping_tracking_code: 'x' },
};

/** Returns a body with one field replaced; undefined removes it. */
function withField(body: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(body))
    return body.map((item: unknown, index) => (String(index) === name ? withField(item, rest, value) : item));
  const fields = body as Fields;
  return { ...fields, [name]: withField(fields[name], rest, value) };
}

const AMOUNT = [-1, 1.5, '1', 2_147_483_648, null];
const ID = [-1, 1.5, '7', 2_147_483_648];
const TEXT = ['', 7, {}, 'a\u0000b'];
const DOCUMENT = ['12345678900', '1', 52998224725, '', undefined];

/** The invalid values of each field: route, field, values. */
const REFUSED: readonly (readonly [string, string, readonly unknown[]])[] = [
  ['order', 'customer', [undefined, null, 'x', []]],
  ['order', 'order', [undefined, null, 'x', []]],
  ...['first_name', 'last_name', 'phone'].map(
    (n) => ['order', `customer.${n}`, [...TEXT, undefined]] as const,
  ),
  ['order', 'customer.email', ['', 'nobody', 7, undefined]],
  ['order', 'customer.document_number', DOCUMENT],
  ['order', 'customer.ip', ['nowhere', 7]],
  ...Object.keys(ADDRESS).map((n) => ['order', `customer.address.${n}`, ['', undefined]] as const),
  ['order', 'customer.tracking.utm_source', [7]],
  ['order', 'order.products_value', [...AMOUNT, undefined]],
  ['order', 'order.discount_value', [-1, 1.5, '1', 2_147_483_648]],
  ['order', 'order.shipping_value', [-1, 1.5, '1', 2_147_483_648]],
  ['order', 'order.products', [undefined, [], 'x', {}]],
  ['order', 'order.products.0.sku', [...TEXT, undefined]],
  ['order', 'order.products.0.name', [...TEXT, undefined]],
  ['order', 'order.products.0.quantity', [0, -1, 1.5, '1', undefined]],
  ['order', 'order.products.0.unit_value', [...AMOUNT, undefined]],
  ['order', 'order.products.0.type', ['soft']],
  ...['pay/credit-card', 'pay/pix', 'pay/boleto'].flatMap(
    (route) =>
      [
        [route, 'order_id', ID],
        [route, 'customer_id', ID],
        [route, 'customer', [undefined]],
        [route, 'order', [undefined]],
      ] as const,
  ),
  ['pay/pix', 'document_number', DOCUMENT],
  ['pay/boleto', 'document_number', DOCUMENT],
  ['pay/pix', 'subscription.interval', ['', undefined]],
  ['pay/credit-card', 'subscription.interval_count', [0, '1', undefined]],
  ['pay/credit-card', 'payment', [undefined, 'x']],
  ['pay/credit-card', 'payment.number', ['', '1', 'x', undefined]],
  ['pay/credit-card', 'payment.cvv', ['', '12', '12345', undefined]],
  ['pay/credit-card', 'payment.expiration_month', ['0', '13', undefined]],
  ['pay/credit-card', 'payment.expiration_year', ['1', '230', '1999x', undefined]],
  ['pay/credit-card', 'payment.holder_name', ['', undefined]],
  ['pay/credit-card', 'payment.holder_document_number', DOCUMENT],
  ['pay/credit-card', 'payment.installments', [0, 13, 22, 1.5, '3']],
  ...['number', 'cvv', 'expiration_month', 'expiration_year', 'holder_name'].map(
    (n) => ['tokenize', n, ['', undefined]] as const,
  ),
  ['upsell', 'upsell_hash', ['', undefined]],
  ['upsell', 'products_value', [...AMOUNT, undefined]],
  ['upsell', 'products', [undefined, []]],
  ['refund', 'order_id', ID],
  ['refund', 'type', ['half', undefined]],
  ['refund', 'value', [undefined, 0, -1, 1.5]],
  ['tracking', 'order_id', ID],
  ['tracking', 'shipping_tracking_code', ['', undefined]],
];

const refusals: readonly Row[] = REFUSED.flatMap(([route, field, values]) =>
  values.map((value): Row => ({
    title: `${route}: ${field} ${value === undefined ? 'missing' : JSON.stringify(value)} is refused`,
    ask: (w) => w.shop(route, withField(WHOLE[route], field.split('.'), value), SECRET),
    status: 400,
    body: {
      message: 'invalid request body',
      code: 'invalid_request_body',
      errors: expect.arrayContaining([{ field, message: aText }]) as unknown,
    },
  })),
);

/** Makes a call and then reads the order that it created. */
async function savedOrder(world: World, route: string, body: unknown): ReturnType<World['get']> {
  const { body: answered } = await world.shop(route, body);
  return world.get(`/admin/orders/${String(answered['order_id'])}`, SECRET);
}

const CREATED = { customer: CUSTOMER, order: ORDER };

export const BODIES: readonly Row[] = [
  ...refusals,
  {
    title: 'order: a body with all fields is accepted',
    ask: (w) => w.shop('order', WHOLE['order']),
    status: 200,
    body: { customer_id: aNumber, order_id: aNumber, order_token: aToken },
  },
  ...['pay/credit-card', 'pay/pix', 'pay/boleto'].map((route): Row => ({
    title: `${route}: a body with all fields is accepted`,
    ask: (w) => w.shop(route, WHOLE[route]),
    status: 200,
  })),
  {
    title: 'unknown fields are dropped',
    ask: (w) => w.shop('order', { ...CREATED, x: 1, customer: { ...CUSTOMER, y: {} } }),
    status: 200,
  },
  {
    title: 'an order is saved as pendente with its total, and no method',
    ask: (w) => savedOrder(w, 'order', CREATED),
    status: 200,
    body: expect.objectContaining({ status: 'pendente', total_cents: 15_990, payment_method: null }),
  },
  {
    title: 'discount and shipping default to 0',
    ask: (w) =>
      savedOrder(w, 'order', {
        customer: CUSTOMER,
        order: { products_value: 14_990, products: ORDER.products },
      }),
    status: 200,
    body: expect.objectContaining({ total_cents: 14_990 }),
  },
  ...[12, 28, '12', '2028'].map((year): Row => ({
    title: `a card that expires in ${JSON.stringify(year)} is accepted`,
    ask: (w) =>
      w.shop('pay/credit-card', {
        ...CREATED,
        payment: { ...cardPayment(), expiration_year: year },
      }),
    status: 200,
  })),
  {
    title: 'a pay call with an order_id pays that order',
    ask: async (w: World): Promise<Answer> => {
      const order_id = await w.newOrder();
      await w.shop('pay/credit-card', { order_id, payment: cardPayment() });
      return w.shop(`status/${order_id}`);
    },
    status: 200,
    body: { status: 'aprovado' },
  },
  ...(['pay/pix', 'pay/boleto'] as const).map((route): Row => ({
    title: `${route}: an open code is returned again`,
    ask: async (w: World): Promise<Answer> => {
      const first = await w.shop(route, { ...CREATED, document_number: CPF });
      const again = await w.shop(route, { order_id: first.body['order_id'], document_number: CPF });
      // The token is answered only to the request that made the order.
      expect({ ...again.body, order_token: first.body['order_token'] }).toEqual(first.body);
      expect(again.body).not.toHaveProperty('order_token');
      const { payments } = await w.control.order(first.body['order_id'] as number);
      expect(payments).toHaveLength(1);
      return again;
    },
    status: 200,
  })),
  {
    title: 'installments: 1 to 12 in ascending order, unless a number is given',
    ask: async (w: World): Promise<Answer> => {
      const answer = await w.shop('installments?total_value=10000');
      for (const number of ['0', '-1', 'x', ''])
        expect((await w.shop(`installments?total_value=10000&installments=${number}`)).text).toBe(
          answer.text,
        );
      return answer;
    },
    status: 200,
    body: Array.from({ length: 12 }, (_, index) => ({
      installments: index + 1,
      value: aNumber,
      total_value: aNumber,
    })),
  },
];
