import { cardPayment, CPF, CUSTOMER, ORDER } from './shop';

const CALLBACK = '/integrations/appmax/callback/install';

/** The access rule of a route and the statuses that its callers get. */
export interface Row {
  readonly access: 'public' | 'storefront' | 'secret';
  /** The scope that a key needs for a secret route. */
  readonly scope?: 'read' | 'operate' | 'manage';
  /** The statuses of a route without a shop in its path for a key of another shop than that of the order. */
  readonly shopKey?: readonly number[];
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
  'GET /': { access: 'public', allowed: [200] },
  'GET /pay/:session': { access: 'public', allowed: [200] },
  'GET /web/:file': { access: 'public', allowed: [404] },
  'GET /console': { access: 'public', allowed: [200] },
  'GET /console/*': { access: 'public', allowed: [200] },
  'GET /docs': { access: 'public', allowed: [200] },
  'GET /docs/:file': { access: 'public', allowed: [404] },
  'GET /openapi.json': { access: 'public', allowed: [200] },
  'GET /health': { access: 'public', allowed: [200] },
  'GET /health/ready': { access: 'public', allowed: [200] },
  'POST /console/session': { access: 'public', allowed: [401], body: () => ({ key: 'no-such-key' }) },
  'GET /console/session': { access: 'public', allowed: [401] },
  'DELETE /console/session': { access: 'public', allowed: [401] },
  'DELETE /console/sessions': { access: 'public', allowed: [401] },
  'GET /metrics': { access: 'secret', scope: 'read', allowed: [200] },
  'GET /install/start': { access: 'public', allowed: [400] },
  [`GET ${CALLBACK}`]: { access: 'public', allowed: [400] },
  [`POST ${CALLBACK}`]: { access: 'public', allowed: [400], body: () => ({}) },
  'GET /webhooks/appmax': { access: 'public', allowed: [200] },
  'POST /webhooks/appmax': { access: 'public', allowed: [200], body: () => ({ event: 'CustomerCreated' }) },
  'POST /checkout/:key/order': {
    access: 'storefront',
    allowed: [200],
    other: [200],
    body: () => ({ customer: CUSTOMER, order: ORDER }),
  },
  'POST /checkout/:key/pay/credit-card': {
    access: 'storefront',
    allowed: [200, 409],
    other: NOT_THERE,
    body: paying({ payment: cardPayment() }),
  },
  'POST /checkout/:key/pay/pix': {
    access: 'storefront',
    allowed: [200, 409],
    other: NOT_THERE,
    body: paying({ document_number: CPF }),
  },
  'POST /checkout/:key/pay/boleto': {
    access: 'storefront',
    allowed: [200, 409],
    other: NOT_THERE,
    body: paying({ document_number: CPF }),
  },
  'GET /checkout/:key/status/:order_id': { access: 'storefront', allowed: [200], other: NOT_THERE },
  'GET /checkout/:key/status/:order_id/stream': { access: 'storefront', allowed: [200], other: NOT_THERE },
  'GET /checkout/:key/config': { access: 'storefront', allowed: [200], other: [200] },
  'GET /checkout/:key/installments': {
    access: 'storefront',
    allowed: [200],
    other: [200],
    query: 'total_value=10000',
  },
  'POST /checkout/:key/tokenize': {
    access: 'storefront',
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
  'POST /checkout/:key/sessions': {
    access: 'secret',
    scope: 'operate',
    allowed: [200],
    other: [200],
    body: () => ({ items: ORDER.products }),
  },
  'GET /checkout/:key/sessions': {
    access: 'secret',
    scope: 'read',
    allowed: [200],
    other: [200],
  },
  'GET /checkout/:key/sessions/:id': { access: 'secret', scope: 'read', allowed: [404], other: NOT_THERE },
  'POST /checkout/:key/sessions/:id/expire': {
    access: 'secret',
    scope: 'operate',
    allowed: [404],
    other: NOT_THERE,
    body: () => ({}),
  },
  // No session has this id.
  'GET /pay/:session/view': { access: 'public', allowed: [404] },
  'GET /pay/:session/status': { access: 'public', allowed: [404] },
  'GET /pay/:session/stream': { access: 'public', allowed: [404] },
  'GET /pay/:session/installments': { access: 'public', allowed: [404] },
  'POST /pay/:session/credit-card': {
    access: 'public',
    allowed: [404],
    body: () => ({ payment: { token: 'tok_1', holder_name: 'MARINA SOUZA', holder_document_number: CPF } }),
  },
  'POST /pay/:session/pix': { access: 'public', allowed: [404], body: () => ({}) },
  'POST /pay/:session/boleto': { access: 'public', allowed: [404], body: () => ({}) },
  'POST /checkout/:key/upsell': {
    access: 'storefront',
    // No order has this hash.
    allowed: [404],
    other: NOT_THERE,
    body: () => ({ upsell_hash: 'no-such-hash', products_value: 100, products: ORDER.products }),
  },
  'POST /checkout/:key/refund': {
    access: 'secret',
    scope: 'operate',
    allowed: [200, 404, 422],
    other: NOT_THERE,
    body: paying({ type: 'partial', value: 1 }),
  },
  'POST /checkout/:key/tracking': {
    access: 'secret',
    scope: 'operate',
    allowed: [200],
    other: NOT_THERE,
    body: paying({ shipping_tracking_code: 'BR123' }),
  },
  'GET /installations/:key/merchant/token': {
    access: 'secret',
    scope: 'manage',
    allowed: [200],
    other: [200],
  },
  'POST /installations/:key/start': { access: 'secret', scope: 'manage', allowed: [200], other: [200] },
  'GET /admin/installations': { access: 'secret', scope: 'read', shopKey: [200], allowed: [200] },
  'GET /admin/orders': { access: 'secret', scope: 'read', shopKey: [200], allowed: [200] },
  'GET /admin/orders/:order_id': { access: 'secret', scope: 'read', shopKey: [404], allowed: [200] },
  'GET /admin/orders/:order_id/timeline': { access: 'secret', scope: 'read', shopKey: [404], allowed: [200] },
  'GET /admin/orders.csv': { access: 'secret', scope: 'read', shopKey: [200], allowed: [200] },
  'GET /admin/shops': { access: 'secret', scope: 'read', shopKey: [200], allowed: [200] },
  'GET /admin/changes': { access: 'secret', scope: 'read', shopKey: [200], allowed: [200] },
  'GET /admin/overview': { access: 'secret', scope: 'read', shopKey: [200], allowed: [200] },
  'GET /admin/stats': { access: 'secret', scope: 'read', shopKey: [200], allowed: [200] },
  'POST /admin/orders/:order_id/refresh': {
    access: 'secret',
    scope: 'operate',
    shopKey: [404],
    allowed: [200, 503],
  },
  'GET /admin/operations': { access: 'secret', scope: 'read', shopKey: [200], allowed: [200] },
  'GET /admin/operations/:id': { access: 'secret', scope: 'read', shopKey: [404], allowed: [404] },
  'POST /admin/operations/:id/resolve': {
    access: 'secret',
    scope: 'operate',
    shopKey: [404],
    allowed: [404],
    body: () => ({ outcome: 'done', note: 'Seen in the panel' }),
  },
  'GET /admin/webhook-events': { access: 'secret', scope: 'read', shopKey: [200], allowed: [200] },
  'GET /admin/webhook-events/:id': { access: 'secret', scope: 'read', shopKey: [404], allowed: [404] },
  'POST /admin/webhook-events/replay': {
    access: 'secret',
    scope: 'operate',
    shopKey: [200],
    allowed: [200],
    body: () => ({ since: '2099-01-01' }),
  },
  'POST /admin/webhook-events/:id/replay': {
    access: 'secret',
    scope: 'operate',
    shopKey: [404],
    allowed: [404],
  },
  'GET /admin/endpoints': { access: 'secret', scope: 'read', shopKey: [200], allowed: [200] },
  'POST /admin/endpoints': {
    access: 'secret',
    scope: 'manage',
    shopKey: [200],
    allowed: [200, 409],
    body: () => ({ url: 'https://shop.invalid/hook' }),
  },
  'GET /admin/endpoints/:id': { access: 'secret', scope: 'read', shopKey: [404], allowed: [404] },
  'PATCH /admin/endpoints/:id': {
    access: 'secret',
    scope: 'manage',
    shopKey: [404],
    allowed: [404],
    body: () => ({ enabled: true }),
  },
  'DELETE /admin/endpoints/:id': { access: 'secret', scope: 'manage', shopKey: [404], allowed: [404] },
  'POST /admin/endpoints/:id/rotate-secret': {
    access: 'secret',
    scope: 'manage',
    shopKey: [404],
    allowed: [404],
  },
  'POST /admin/endpoints/:id/test': { access: 'secret', scope: 'manage', shopKey: [404], allowed: [404] },
  'GET /admin/notifications': { access: 'secret', scope: 'read', shopKey: [200], allowed: [200] },
  'GET /admin/notifications/:id': { access: 'secret', scope: 'read', shopKey: [404], allowed: [404] },
  'POST /admin/notifications/replay': {
    access: 'secret',
    scope: 'operate',
    shopKey: [404],
    allowed: [404],
    body: () => ({ ids: [999999999] }),
  },
  'POST /admin/notifications/:id/replay': {
    access: 'secret',
    scope: 'operate',
    shopKey: [404],
    allowed: [404],
  },
  'GET /admin/keys': { access: 'secret', scope: 'manage', shopKey: [200], allowed: [200] },
  'POST /admin/keys': {
    access: 'secret',
    scope: 'manage',
    shopKey: [200],
    allowed: [200],
    body: () => ({ name: 'probe', scopes: ['manage'] }),
  },
  'DELETE /admin/keys/:id': { access: 'secret', scope: 'manage', shopKey: [404], allowed: [404] },
  'GET /admin/audit': { access: 'secret', scope: 'manage', shopKey: [200], allowed: [200] },
};
