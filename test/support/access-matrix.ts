import { cardPayment, CPF, CUSTOMER, ORDER } from './shop';

const CALLBACK = '/integrations/appmax/callback/install';

/** The access rule of a route and the statuses that its callers get. */
export interface Row {
  readonly who: 'public' | 'storefront' | 'secret';
  /** The statuses for a caller with access, on the first call and on a repeat. */
  readonly allowed: readonly number[];
  /** The statuses with another shop's key in the path: 404 if the route is about an order of the first shop. */
  readonly other?: readonly number[];
  readonly body?: (orderId: number) => Readonly<Record<string, unknown>>;
  readonly query?: string;
}

const paying =
  (payment: object) =>
  (order_id: number): Record<string, unknown> => ({ order_id, ...payment });
/** The statuses with another shop's key, for a route about an order. */
export const NOT_THERE: readonly number[] = [404];

/** The access rule of every route. A route that is missing here fails the first test. */
export const MATRIX: Readonly<Record<string, Row>> = {
  'GET /': { who: 'public', allowed: [200] },
  'GET /assets/style.css': { who: 'public', allowed: [200] },
  'GET /docs': { who: 'public', allowed: [200] },
  'GET /docs/:file': { who: 'public', allowed: [404] },
  'GET /openapi.json': { who: 'public', allowed: [200] },
  'GET /health': { who: 'public', allowed: [200] },
  'GET /health/ready': { who: 'public', allowed: [200] },
  'GET /metrics': { who: 'secret', allowed: [200] },
  'GET /install/start': { who: 'public', allowed: [400] },
  [`GET ${CALLBACK}`]: { who: 'public', allowed: [400] },
  [`POST ${CALLBACK}`]: { who: 'public', allowed: [400], body: () => ({}) },
  'GET /webhooks/appmax': { who: 'public', allowed: [200] },
  'POST /webhooks/appmax': { who: 'public', allowed: [200], body: () => ({ event: 'CustomerCreated' }) },
  'POST /checkout/:key/order': {
    who: 'storefront',
    allowed: [200],
    other: [200],
    body: () => ({ customer: CUSTOMER, order: ORDER }),
  },
  'POST /checkout/:key/pay/credit-card': {
    who: 'storefront',
    allowed: [200, 409],
    other: NOT_THERE,
    body: paying({ payment: cardPayment() }),
  },
  'POST /checkout/:key/pay/pix': {
    who: 'storefront',
    allowed: [200, 409],
    other: NOT_THERE,
    body: paying({ document_number: CPF }),
  },
  'POST /checkout/:key/pay/boleto': {
    who: 'storefront',
    allowed: [200, 409],
    other: NOT_THERE,
    body: paying({ document_number: CPF }),
  },
  'GET /checkout/:key/status/:order_id': { who: 'storefront', allowed: [200], other: NOT_THERE },
  'GET /checkout/:key/status/:order_id/stream': { who: 'storefront', allowed: [200], other: NOT_THERE },
  'GET /checkout/:key/config': { who: 'storefront', allowed: [200], other: [200] },
  'GET /checkout/:key/installments': {
    who: 'storefront',
    allowed: [200],
    other: [200],
    query: 'total_value=10000',
  },
  'POST /checkout/:key/tokenize': {
    who: 'storefront',
    allowed: [200],
    other: [200],
    body: () => ({
      number: '4000000000000010',
      cvv: '123',
      expiration_month: '12',
      expiration_year: '2030',
      holder_name: 'MARINA SOUZA',
    }),
  },
  'POST /checkout/:key/upsell': {
    who: 'storefront',
    // No order has this hash.
    allowed: [404],
    other: NOT_THERE,
    body: () => ({ upsell_hash: 'no-such-hash', products_value: 100, products: ORDER.products }),
  },
  'POST /checkout/:key/refund': {
    who: 'secret',
    allowed: [200, 404, 422],
    other: NOT_THERE,
    body: paying({ type: 'partial', value: 1 }),
  },
  'POST /checkout/:key/tracking': {
    who: 'secret',
    allowed: [200],
    other: NOT_THERE,
    body: paying({ shipping_tracking_code: 'BR123' }),
  },
  'GET /installations/:key/merchant/token': { who: 'secret', allowed: [200], other: [200] },
  'GET /admin/installations': { who: 'secret', allowed: [200] },
  'GET /admin/orders': { who: 'secret', allowed: [200] },
  'GET /admin/orders/:order_id': { who: 'secret', allowed: [200] },
  'POST /admin/orders/:order_id/refresh': { who: 'secret', allowed: [200, 503] },
  'GET /admin/operations': { who: 'secret', allowed: [200] },
  'GET /admin/operations/:id': { who: 'secret', allowed: [404] },
  'POST /admin/operations/:id/resolve': {
    who: 'secret',
    allowed: [404],
    body: () => ({ outcome: 'done', note: 'Seen in the panel' }),
  },
  'GET /admin/webhook-events': { who: 'secret', allowed: [200] },
  'GET /admin/webhook-events/:id': { who: 'secret', allowed: [404] },
  'POST /admin/webhook-events/:id/replay': { who: 'secret', allowed: [404] },
};
