import { codeOf } from '../../src/common/errors/api-error';
import type { Answer } from '../support/http';
import { newKey } from './routes';
import { aNumber, aText, type Row } from './row';
import { callShop, cardPayment, CPF, CUSTOMER, ORDER, SECRET, typedCard, type World } from './world';

/** The routes of a shop: path, body, and true if the route needs a secret key. */
const SHOP_ROUTES: readonly (readonly [string, unknown, boolean])[] = [
  ['order', { customer: CUSTOMER, order: ORDER }, false],
  ['pay/credit-card', { customer: CUSTOMER, order: ORDER, payment: cardPayment() }, false],
  ['pay/pix', { customer: CUSTOMER, order: ORDER, document_number: CPF }, false],
  ['pay/boleto', { customer: CUSTOMER, order: ORDER, document_number: CPF }, false],
  ['status/1', undefined, false],
  ['config', undefined, false],
  ['installments?total_value=100', undefined, false],
  ['tokenize', typedCard(), false],
  ['upsell', { upsell_hash: 'x', products_value: 1, products: ORDER.products }, false],
  ['refund', { order_id: 1, type: 'total' }, true],
  ['tracking', { order_id: 1, shipping_tracking_code: 'x' }, true],
];

const SECRET_PATHS: readonly (readonly [string, string])[] = [
  ['GET', '/installations/nobody/merchant/token'],
  ['POST', '/installations/nobody/start'],
  ['POST', '/checkout/nobody/refund'],
  ['POST', '/checkout/nobody/tracking'],
  ['GET', '/admin/installations'],
  ['GET', '/admin/orders'],
  ['GET', '/admin/orders/1'],
  ['GET', '/admin/webhook-events'],
  ['GET', '/admin/webhook-events/1'],
  ['GET', '/admin/keys'],
  ['POST', '/admin/keys'],
  ['DELETE', '/admin/keys/1'],
  ['GET', '/admin/audit'],
  ['GET', '/metrics'],
];

const is = (message: string, code = codeOf(message)): { message: string; code: string } => ({
  message,
  code,
});
const invalid = (field: string): unknown => ({
  message: 'invalid request body',
  code: 'invalid_request_body',
  errors: expect.arrayContaining([{ field, message: aText }]) as unknown,
});

/** The contract's table of errors, except those that Appmax causes. */
export const ERRORS: readonly Row[] = [
  ...['{"customer":', '[]', 'null', '"x"', '7', ''].map((body): Row => ({
    title: `400: a body of ${JSON.stringify(body)}`,
    ask: (w) => w.shop('order', body),
    status: 400,
    body: expect.objectContaining({ message: 'invalid request body', code: 'invalid_request_body' }),
  })),
  {
    title: '400: a field that fails validation',
    ask: (w) => w.shop('order', { customer: { ...CUSTOMER, email: 'nobody' }, order: ORDER }),
    status: 400,
    body: invalid('customer.email'),
  },
  ...['0', '-1', 'x', '2147483648', '1.5'].map((orderId): Row => ({
    title: `400: status of ${orderId}`,
    ask: (w) => w.shop(`status/${orderId}`),
    status: 400,
    body: is('invalid order_id'),
  })),
  ...['', '?total_value=', '?total_value=0', '?total_value=-1', '?total_value=x'].map((query): Row => ({
    title: `400: installments${query}`,
    ask: (w) => w.shop(`installments${query}`),
    status: 400,
    body: is('total_value is required'),
  })),
  ...['refund', 'tracking'].map((route): Row => ({
    title: `400: ${route} without order_id`,
    ask: (w) => w.shop(route, { type: 'total', shipping_tracking_code: 'x' }, SECRET),
    status: 400,
    body: expect.objectContaining({ message: 'order_id is required', code: 'order_id_is_required' }),
  })),
  ...SECRET_PATHS.map(([method, path]): Row => ({
    title: `401: ${method} ${path}`,
    ask: (w) => w.service.send(method, path, method === 'POST' ? { body: {} } : {}),
    status: 401,
    body: is('unauthorized'),
    headers: { 'www-authenticate': expect.stringContaining('Bearer') as string },
  })),
  {
    title: '403: a key without the scope',
    ask: async (w) => w.shop('refund', { order_id: 1, type: 'total' }, { secretKey: (await newKey(w)).key }),
    status: 403,
    body: { message: 'insufficient scope', code: 'insufficient_scope' },
  },
  {
    title: '404: a key that does not exist',
    ask: (w) => w.service.send('DELETE', '/admin/keys/2147483647', SECRET),
    status: 404,
    body: is('key not found'),
  },
  ...SHOP_ROUTES.map(([path, body, secret]): Row => ({
    title: `404: ${path} of a shop that is not installed`,
    ask: (w) => callShop(w.service, 'nobody', path, body, secret ? SECRET : {}),
    status: 404,
    body: is('installation not found'),
  })),
  {
    title: '404: the token of a shop that is not installed',
    ask: (w) => w.get('/installations/nobody/merchant/token', SECRET),
    status: 404,
    body: is('installation not found'),
  },
  {
    title: '404: the status of an unknown order',
    ask: (w) => w.shop('status/2147483647'),
    status: 404,
    body: is('order not found'),
  },
  ...[['refund', { type: 'total' }] as const, ['tracking', { shipping_tracking_code: 'x' }] as const].map(
    ([route, fields]): Row => ({
      title: `404: ${route} of an unknown order`,
      ask: (w) => w.shop(route, { order_id: 2_147_483_647, ...fields }, SECRET),
      status: 404,
      body: is('order not found'),
    }),
  ),
  ...[
    ['pay/credit-card', { payment: cardPayment() }] as const,
    ['pay/pix', { document_number: CPF }] as const,
    ['pay/boleto', { document_number: CPF }] as const,
  ].map(([route, fields]): Row => ({
    title: `409: ${route} of an order that is paid`,
    ask: async (w) => w.shop(route, { order_id: await w.paidOrderId(), ...fields }),
    status: 409,
    body: {
      message: 'order already paid',
      code: 'order_already_paid',
      order_id: aNumber,
      status: 'aprovado',
    },
  })),
  {
    title: '413: a body over 256 KiB',
    ask: (w) => w.shop('order', { customer: CUSTOMER, order: ORDER, x: 'x'.repeat(256 * 1024) }),
    status: 413,
  },
  {
    title: '415: a body that is a form',
    ask: (w) => w.shop('order', 'a=b', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    status: 415,
  },
  {
    title: '500: reveals nothing about the cause',
    ask: async (w: World): Promise<Answer> => {
      await w.database.query('ALTER TABLE orders RENAME TO hidden_orders');
      try {
        return await w.shop('status/1');
      } finally {
        await w.database.query('ALTER TABLE hidden_orders RENAME TO orders');
      }
    },
    status: 500,
    body: is('internal server error'),
  },
  ...['pay/credit-card', 'tokenize'].map((route): Row => ({
    title: `400: ${route} with raw card data, with CARD_DATA=token`,
    ask: (w) =>
      w.withService({ CARD_DATA: 'token' }, (service) =>
        callShop(service, w.key, route, {
          customer: CUSTOMER,
          order: ORDER,
          payment: cardPayment(),
          ...typedCard(),
        }),
      ),
    status: 400,
    body: is('raw card data is not accepted; tokenize the card in the browser', 'raw_card_data_not_accepted'),
  })),
  {
    title: '401: a secret route, while no key is configured',
    ask: (w) =>
      w.withService({ API_SECRET_KEYS: '' }, (service) => service.send('GET', '/admin/orders', SECRET)),
    status: 401,
    body: is('unauthorized'),
  },
];
