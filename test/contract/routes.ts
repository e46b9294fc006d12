import type { Answer } from '../support/http';
import { aNumber, aText, aToken, aUuid, type Row } from './row';
import { BROWSER, cardPayment, CPF, CUSTOMER, ORDER, SECRET, typedCard, type World } from './world';

const HTML = { 'content-type': 'text/html; charset=utf-8' };

/** Sends a webhook event. @returns the id of its row. */
async function newEvent(world: World): Promise<string> {
  await world.service.send('POST', '/webhooks/appmax', { body: { event: 'customer_created', data: {} } });
  const list = await world.get('/admin/webhook-events?event=customer_created&limit=1', SECRET);
  const [event] = list.body['data'] as { id: number }[];
  return String(event?.id);
}

/** Makes a key that may only read. */
export async function newKey(world: World): Promise<{ id: number; key: string }> {
  const body = { name: 'contract', scopes: ['read'] };
  const made = await world.service.send('POST', '/admin/keys', { ...SECRET, body });
  return made.body as unknown as { id: number; key: string };
}

/** Makes an endpoint whose name has no address, so that nothing leaves the machine. */
const newEndpoint = (world: World): Promise<Answer> =>
  world.service.send('POST', '/admin/endpoints', { ...SECRET, body: { url: 'https://shop.invalid/hook' } });

/** Makes an endpoint. @returns its path. */
async function endpointPath(world: World): Promise<string> {
  return `/admin/endpoints/${String((await newEndpoint(world)).body['id'])}`;
}

/** Signs a browser in. @returns the headers of its changes. */
async function signedIn(world: World): Promise<Record<string, string>> {
  const body = { key: (await newKey(world)).key };
  const { headers } = await world.service.send('POST', '/console/session', { body });
  return { cookie: headers.get('set-cookie')?.split(';')[0] ?? '', 'x-console': '1' };
}

const CONSOLE_SESSION = {
  name: 'contract',
  scopes: ['read'],
  external_key: null,
  environment: 'sandbox',
  expires_at: aText,
};

/** The contract's table of routes: the response of each success. */
export const ROUTES: readonly Row[] = [
  { title: 'GET /', ask: (w) => w.get('/'), status: 200, headers: HTML, text: '<h1>' },
  { title: 'GET /health', ask: (w) => w.get('/health'), status: 200, body: { status: 'ok' } },
  {
    title: 'GET /health, for a browser',
    ask: (w) => w.get('/health', BROWSER),
    status: 200,
    headers: HTML,
    text: '<h1>',
  },
  {
    title: 'GET /health/ready',
    ask: (w) => w.get('/health/ready'),
    status: 200,
    body: { status: 'ok', database: 'up', migrations: 'up to date', cache: 'up', background: 'running' },
  },
  {
    title: 'GET /webhooks/appmax',
    ask: (w) => w.get('/webhooks/appmax'),
    status: 200,
    headers: HTML,
    text: '/v2/apphook',
  },
  {
    title: 'POST /webhooks/appmax',
    ask: (w) => w.service.send('POST', '/webhooks/appmax', { body: { event: 'customer_created', data: {} } }),
    status: 200,
    body: { message: 'ok' },
  },
  {
    title: 'POST /webhooks/appmax, the same event again',
    ask: async (w: World): Promise<Answer> => {
      await w.control.change({ webhooks: false });
      const body = { event: 'order_approved', data: { order_id: await w.paidOrderId() } };
      await w.control.change({ webhooks: true });
      await w.service.send('POST', '/webhooks/appmax', { body });
      return w.service.send('POST', '/webhooks/appmax', { body });
    },
    status: 200,
    body: { message: 'already processed' },
  },
  {
    title: 'POST order',
    ask: (w) => w.shop('order', { customer: CUSTOMER, order: ORDER }),
    status: 200,
    body: { customer_id: aNumber, order_id: aNumber, order_token: aToken },
  },
  {
    title: 'POST pay/credit-card',
    ask: (w) => w.paidOrder(),
    status: 200,
    body: { order_id: aNumber, status: 'aprovado', upsell_hash: aText, order_token: aToken },
  },
  {
    title: 'POST pay/credit-card, authorised only',
    ask: (w) =>
      w.shop('pay/credit-card', {
        customer: CUSTOMER,
        order: ORDER,
        payment: cardPayment('4000000000000028'),
      }),
    status: { g1: 422, g2: 200 },
  },
  {
    title: 'POST pay/pix',
    ask: (w) => w.shop('pay/pix', { customer: CUSTOMER, order: ORDER, document_number: CPF }),
    status: 200,
    body: {
      order_id: aNumber,
      qr_code: aText,
      emv: expect.stringMatching(/^000201/) as string,
      order_token: aToken,
    },
  },
  {
    title: 'POST pay/boleto',
    ask: (w) => w.shop('pay/boleto', { customer: CUSTOMER, order: ORDER, document_number: CPF }),
    status: 200,
    body: {
      order_id: aNumber,
      pdf_url: expect.stringMatching(/^http/) as string,
      digitavel: aText,
      order_token: aToken,
    },
  },
  {
    title: 'GET status/:order_id',
    ask: async (w) => w.shop(`status/${await w.newOrder()}`),
    status: 200,
    body: { status: 'pendente' },
  },
  {
    title: 'GET config',
    ask: (w) => w.shop('config'),
    status: 200,
    body: {
      external_id: aUuid,
      environment: 'sandbox',
      script_url: 'https://scripts.sandboxappmax.com.br/appmax.min.js',
    },
  },
  {
    title: 'POST tokenize',
    ask: (w) => w.shop('tokenize', typedCard()),
    status: 200,
    body: { token: aText },
  },
  {
    title: 'POST upsell',
    ask: async (w) =>
      w.shop('upsell', {
        upsell_hash: (await w.paidOrder()).body['upsell_hash'],
        products_value: 100,
        products: ORDER.products,
      }),
    status: 200,
    body: { message: aText, redirect_url: aText },
  },
  {
    title: 'POST refund',
    ask: async (w) => w.shop('refund', { order_id: await w.paidOrderId(), type: 'total' }, SECRET),
    status: 200,
    body: { message: 'Refund request accepted' },
  },
  {
    title: 'POST refund, of a part',
    ask: async (w) =>
      w.shop('refund', { order_id: await w.paidOrderId(), type: 'partial', value: 100 }, SECRET),
    status: 200,
    body: { message: 'Refund request accepted' },
  },
  {
    title: 'POST tracking',
    ask: async (w) =>
      w.shop('tracking', { order_id: await w.paidOrderId(), shipping_tracking_code: 'BR123' }, SECRET),
    status: 200,
    body: { message: 'tracking accepted' },
  },
  ...['installations', 'orders', 'webhook-events'].map((list): Row => ({
    title: `GET /admin/${list}`,
    ask: async (w) => {
      await w.newOrder();
      await newEvent(w);
      return w.get(`/admin/${list}?limit=1`, SECRET);
    },
    status: 200,
    body: expect.objectContaining({ data: [expect.objectContaining({ id: aNumber })] }),
  })),
  {
    title: 'GET /admin/orders/:order_id',
    ask: async (w) => w.get(`/admin/orders/${await w.newOrder()}`, SECRET),
    status: 200,
    body: expect.objectContaining({ order_id: aNumber, status: 'pendente' }),
  },
  {
    title: 'GET /admin/orders/:order_id/timeline',
    ask: async (w) => w.get(`/admin/orders/${await w.newOrder()}/timeline`, SECRET),
    status: 200,
    body: expect.objectContaining({
      order: expect.objectContaining({ order_id: aNumber }) as object,
      entries: expect.arrayContaining([
        expect.objectContaining({ type: 'status_changed', status: 'pendente' }),
      ]) as object,
    }),
  },
  {
    title: 'GET /admin/orders.csv',
    ask: (w) => w.get('/admin/orders.csv', SECRET),
    status: 200,
    text: 'order_id,external_key,reference,session_id,customer_id,status',
    headers: { 'content-type': 'text/csv; charset=utf-8', 'x-order-count': aText },
  },
  {
    title: 'GET /admin/shops',
    ask: (w) => w.get('/admin/shops?limit=1', SECRET),
    status: 200,
    body: expect.objectContaining({
      data: [expect.objectContaining({ checklist: expect.any(Object) as object })],
    }),
  },
  {
    title: 'GET /admin/overview',
    ask: (w) => w.get('/admin/overview', SECRET),
    status: 200,
    body: expect.objectContaining({ environment: 'sandbox', attention: expect.any(Object) as object }),
  },
  {
    title: 'GET /admin/stats',
    ask: (w) => w.get('/admin/stats', SECRET),
    status: 200,
    body: expect.objectContaining({
      days: expect.any(Array) as object,
      shops: expect.any(Array) as object,
      statuses: expect.any(Array) as object,
    }),
  },
  {
    title: 'POST /admin/webhook-events/replay',
    ask: (w) =>
      w.service.send('POST', '/admin/webhook-events/replay', { ...SECRET, body: { since: '2099-01-01' } }),
    status: 200,
    body: { replayed: [], next_after: null, remaining: 0 },
  },
  {
    title: 'GET /admin/webhook-events/:id',
    ask: async (w) => w.get(`/admin/webhook-events/${await newEvent(w)}`, SECRET),
    status: 200,
    body: expect.objectContaining({
      event: 'customer_created',
      payload: { event: 'customer_created', data: {} },
    }),
  },
  {
    title: 'POST /admin/keys',
    ask: (w) =>
      w.service.send('POST', '/admin/keys', { ...SECRET, body: { name: 'contract', scopes: ['read'] } }),
    status: 200,
    body: expect.objectContaining({ id: aNumber, key: aText, scopes: ['read'], external_key: null }),
  },
  {
    title: 'DELETE /admin/keys/:id',
    ask: async (w) => w.service.send('DELETE', `/admin/keys/${(await newKey(w)).id}`, SECRET),
    status: 200,
    body: expect.objectContaining({ id: aNumber, revoked_at: aText }),
  },
  ...['keys', 'audit'].map((list): Row => ({
    title: `GET /admin/${list}`,
    ask: async (w) => {
      await newKey(w);
      return w.get(`/admin/${list}?limit=1`, SECRET);
    },
    status: 200,
    body: expect.objectContaining({ data: [expect.objectContaining({ id: aNumber })] }),
  })),
  {
    title: 'POST /admin/endpoints',
    ask: (w) => newEndpoint(w),
    status: 200,
    body: expect.objectContaining({
      id: aNumber,
      secret: expect.stringMatching(/^whsec_/) as string,
      status: 'enabled',
      events: ['*'],
    }),
  },
  {
    title: 'GET /admin/endpoints/:id',
    ask: async (w) => w.get(await endpointPath(w), SECRET),
    status: 200,
    body: expect.objectContaining({ id: aNumber, status: 'enabled', url: 'https://shop.invalid/hook' }),
  },
  {
    title: 'PATCH /admin/endpoints/:id',
    ask: async (w) => w.service.send('PATCH', await endpointPath(w), { ...SECRET, body: { enabled: false } }),
    status: 200,
    body: expect.objectContaining({ id: aNumber, status: 'disabled', disabled_reason: 'operator' }),
  },
  {
    title: 'POST /admin/endpoints/:id/rotate-secret',
    ask: async (w) => w.service.send('POST', `${await endpointPath(w)}/rotate-secret`, SECRET),
    status: 200,
    body: expect.objectContaining({ id: aNumber, secret: expect.stringMatching(/^whsec_/) as string }),
  },
  {
    title: 'DELETE /admin/endpoints/:id',
    ask: async (w) => w.service.send('DELETE', await endpointPath(w), SECRET),
    status: 200,
    body: expect.objectContaining({ id: aNumber }),
  },
  ...['endpoints', 'notifications'].map((list): Row => ({
    title: `GET /admin/${list}`,
    ask: (w) => w.get(`/admin/${list}?limit=1`, SECRET),
    status: 200,
    body: expect.objectContaining({ data: expect.any(Array) as unknown[] }),
  })),
  {
    title: 'POST /console/session',
    ask: async (w) => w.service.send('POST', '/console/session', { body: { key: (await newKey(w)).key } }),
    status: 200,
    body: CONSOLE_SESSION,
    headers: {
      'set-cookie': expect.stringMatching(
        /^console=[\w-]{43}; Path=\/; .*HttpOnly; SameSite=Strict$/,
      ) as string,
    },
  },
  {
    title: 'GET /console/session',
    ask: async (w) => w.get('/console/session', { headers: await signedIn(w) }),
    status: 200,
    body: CONSOLE_SESSION,
  },
  ...['session', 'sessions'].map((path): Row => ({
    title: `DELETE /console/${path}`,
    ask: async (w) => w.service.send('DELETE', `/console/${path}`, { headers: await signedIn(w) }),
    status: 200,
    body: CONSOLE_SESSION,
    headers: { 'set-cookie': expect.stringMatching(/^console=; /) as string },
  })),
  {
    title: 'GET /docs',
    ask: (w) => w.get('/docs'),
    status: 200,
    headers: { 'content-type': expect.stringContaining('text/html') as string },
  },
  {
    title: 'GET /openapi.json',
    ask: (w) => w.get('/openapi.json'),
    status: 200,
    headers: { 'content-type': expect.stringContaining('json') as string },
  },
  {
    title: 'GET /metrics',
    ask: (w) => w.get('/metrics', SECRET),
    status: 200,
    text: '# TYPE http_request_duration_seconds histogram',
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
  },
];
