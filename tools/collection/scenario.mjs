/**
 * The order in which the collection calls the routes, and what each call sends beyond the examples of the OpenAPI document.
 *
 * A step with `call` is a route, by its operation id; one with `url` and `method` is a call to the simulator.
 * `example` names an example of the body; `body` is a function of it, or the body. Text `#{{name}}` becomes a number.
 * `keep` stores fields of the answer in variables, `expect` lists assertions: field, comparison, value. `status` is the
 * expected HTTP status, 200 by default.
 */
const atSimulator = (order, action) => ({
  name: `The bank pays order ${order.replace(/^#?\{\{|\}\}$/g, '')} (simulator)`,
  method: 'POST',
  url: `{{simulatorUrl}}/_simulator/orders/${order}/${action}`,
});
const existing = (order) => (example) => ({ ...example, ...order });
const withoutIds = ({ payment, document_number }) => ({ payment, document_number });
const ITEMS = [{ sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: 14990, type: 'physical' }];

const install = [
  {
    call: 'startInstallation',
    query: { app_id: '{{appId}}', external_key: '{{shop}}' },
    status: 302,
    keep: { consent: 'headers.location' },
  },
  {
    name: 'The merchant consents (simulator)',
    method: 'POST',
    url: '{{consent}}',
    status: 302,
    keep: { callback: 'headers.location' },
  },
  { call: 'finishInstallation', url: '{{callback}}', expect: [['body.external_id', 'isString']] },
  { call: 'getMerchantToken' },
  // Only starts it: the installation stays as it is until the merchant consents.
  { call: 'restartInstallation' },
  {
    call: 'confirmInstallation',
    // As the validator of Appmax's App Store sends it, before an app is published.
    body: {
      app_id: 'DEMO_APP_ID',
      external_key: 'DEMO_EXTERNAL_KEY',
      client_key: 'DEMO_EXTERNAL_KEY',
      client_id: 'DEMO_CLIENT_ID',
      client_secret: 'DEMO_CLIENT_SECRET',
    },
  },
];

const card = [
  { call: 'getConfig' },
  { call: 'listInstallments', query: { total_value: '15990' } },
  { call: 'createOrder', keep: { cardOrder: 'body.order_id' } },
  { call: 'tokenizeCard', keep: { cardToken: 'body.token' } },
  {
    call: 'payByCard',
    example: 'an-existing-order-with-a-card-token',
    body: (example) => ({
      order_id: '#{{cardOrder}}',
      payment: { ...withoutIds(example).payment, token: '{{cardToken}}' },
    }),
    keep: { upsellHash: 'body.upsell_hash' },
    expect: [['body.status', 'eq', 'aprovado']],
  },
  { call: 'getStatus', expect: [['body.status', 'eq', 'aprovado']] },
  { call: 'streamStatus' },
  {
    call: 'upsell',
    body: existing({ upsell_hash: '{{upsellHash}}', products_value: 4990, products: ITEMS }),
  },
  { call: 'setTrackingCode', body: existing({ order_id: '#{{cardOrder}}' }) },
  { call: 'requestRefund', body: { order_id: '#{{cardOrder}}', type: 'partial', value: 5000 } },
];

const codes = [
  { call: 'payByPix', example: 'a-new-order', keep: { pixOrder: 'body.order_id' } },
  atSimulator('{{pixOrder}}', 'pay'),
  {
    call: 'refreshOrder',
    name: 'Read the status of the Pix from Appmax',
    path: { order_id: '{{pixOrder}}' },
    expect: [['body.status', 'eq', 'aprovado']],
  },
  { call: 'payByBoleto', example: 'a-new-order', keep: { boletoOrder: 'body.order_id' } },
  atSimulator('{{boletoOrder}}', 'pay'),
  {
    call: 'refreshOrder',
    name: 'Read the status of the boleto from Appmax',
    path: { order_id: '{{boletoOrder}}' },
    expect: [['body.status', 'eq', 'aprovado']],
  },
];

const session = (name) => ({
  call: 'createSession',
  name: `Create a session for ${name}`,
  example: 'a-known-shopper-and-a-way-back',
  // A session with the reference of an open or paid one is that session.
  body: (example) => ({ ...example, reference: 'cart-{{$guid}}' }),
  keep: { session: 'body.id' },
});
const sessions = [
  session('a Pix'),
  { call: 'viewSession', expect: [['body.status', 'eq', 'open']] },
  { call: 'listSessionInstallments' },
  { call: 'paySessionByPix', keep: { sessionOrder: 'body.order_id' } },
  atSimulator('{{sessionOrder}}', 'pay'),
  {
    call: 'refreshOrder',
    name: 'Read the status of the session’s order from Appmax',
    path: { order_id: '{{sessionOrder}}' },
  },
  { call: 'getSessionStatus', expect: [['body.status', 'eq', 'completed']] },
  { call: 'streamSession' },
  session('a card'),
  { call: 'tokenizeCard', name: 'Make a token of the card', keep: { cardToken: 'body.token' } },
  {
    call: 'paySessionByCard',
    body: (example) => ({ ...example, payment: { ...example.payment, token: '{{cardToken}}' } }),
    expect: [['body.status', 'eq', 'aprovado']],
  },
  { call: 'getSession', path: { id: '{{session}}' }, expect: [['body.status', 'eq', 'completed']] },
  session('a boleto'),
  { call: 'paySessionByBoleto' },
  session('nobody'),
  { call: 'expireSession', path: { id: '{{session}}' }, expect: [['body.status', 'eq', 'expired']] },
  { call: 'listSessions', query: { limit: '5' } },
];

const endpoint = { id: '{{endpoint}}' };
const notifications = [
  {
    call: 'createEndpoint',
    body: { url: '{{simulatorUrl}}/backend-of-the-shop', external_key: '{{shop}}' },
    keep: { endpoint: 'body.id' },
  },
  { call: 'listEndpoints', query: { external_key: '{{shop}}' } },
  { call: 'getEndpoint', path: endpoint },
  // The simulator has no such page: the answer says so.
  { call: 'testEndpoint', path: endpoint, expect: [['body.delivered', 'eq', false]] },
  {
    call: 'payByPix',
    name: 'Sell something by Pix',
    example: 'a-new-order',
    keep: { pixOrder: 'body.order_id' },
  },
  atSimulator('{{pixOrder}}', 'pay'),
  { call: 'refreshOrder', name: 'Read its status from Appmax', path: { order_id: '{{pixOrder}}' } },
  {
    call: 'listNotifications',
    query: { endpoint_id: '{{endpoint}}' },
    keep: { notification: 'body.data[0].id' },
    expect: [['body.data[0].state', 'isString']],
  },
  { call: 'getNotification', path: { id: '{{notification}}' } },
  { call: 'replayNotification', path: { id: '{{notification}}' } },
  { call: 'replayNotifications', body: { ids: ['#{{notification}}'] } },
  { call: 'rotateEndpointSecret', path: endpoint },
  { call: 'changeEndpoint', path: endpoint, body: { enabled: false } },
  { call: 'deleteEndpoint', path: endpoint },
];

const administration = [
  { call: 'getOverview' },
  { call: 'getStatistics' },
  { call: 'listShops', query: { limit: '5' } },
  { call: 'listInstallations', query: { external_key: '{{shop}}' } },
  { call: 'listOrders', query: { external_key: '{{shop}}', limit: '5' } },
  { call: 'getOrder', expect: [['body.payment_method', 'eq', 'credit_card']] },
  { call: 'getOrderTimeline' },
  { call: 'exportOrders', query: { external_key: '{{shop}}' } },
  { call: 'listOperations', query: { order_id: '{{cardOrder}}' }, keep: { operation: 'body.data[0].id' } },
  { call: 'getOperation', path: { id: '{{operation}}' }, expect: [['body.state', 'isString']] },
  // Only an operation whose outcome is unknown can be resolved, and none is.
  { call: 'resolveOperation', path: { id: '{{operation}}' }, status: 409 },
  { call: 'refreshOrder' },
  { call: 'streamChanges' },
  {
    call: 'createKey',
    body: { name: 'collection', scopes: ['read'], external_key: '{{shop}}' },
    keep: { apiKey: 'body.id' },
  },
  { call: 'listKeys' },
  { call: 'revokeKey', path: { id: '{{apiKey}}' } },
  { call: 'listAuditEntries', query: { limit: '5' } },
];

const webhooks = [
  {
    call: 'receiveWebhook',
    query: { token: '{{webhookToken}}' },
    body: {
      event: 'OrderPaid',
      event_type: 'order',
      data: { order_id: '#{{cardOrder}}', status: 'aprovado' },
    },
  },
  {
    call: 'listWebhookEvents',
    query: { order_id: '{{cardOrder}}' },
    keep: { event: 'body.data[0].id' },
    expect: [['body.data[0].event', 'isString']],
  },
  { call: 'getWebhookEvent', path: { id: '{{event}}' } },
  { call: 'replayWebhookEvent', path: { id: '{{event}}' } },
  {
    call: 'replayWebhookEvents',
    body: { since: '2026-01-01T00:00:00Z', order_id: '#{{cardOrder}}', limit: 5 },
  },
];

const signIn = { call: 'signIn', body: { key: '{{secretKey}}' } };
const console = [
  signIn,
  { call: 'getConsoleSession' },
  { call: 'signOut', headers: { 'X-Console': '1' } },
  { ...signIn, name: 'Sign in again' },
  { call: 'signOutEverywhere', headers: { 'X-Console': '1' } },
];

const health = [
  { call: 'getLiveness' },
  { call: 'getReadiness' },
  { call: 'getMetrics' },
  { call: 'getOpenApiDocument' },
];

export const SCENARIO = [
  ['Health', health],
  ['Install', install],
  ['Order and card', card],
  ['Pix and boleto', codes],
  ['Checkout sessions', sessions],
  ['Notifications', notifications],
  ['Webhooks', webhooks],
  ['Administration', administration],
  ['Console', console],
];

/** The variables of a collection and their values at a quickstart. Without a value: printed by the quickstart. */
export const VARIABLES = {
  serviceUrl: 'http://127.0.0.1:8080',
  simulatorUrl: 'http://127.0.0.1:8090',
  shop: 'collection-shop',
  appId: '',
};
/** Variables whose values are never in a file. */
export const SECRETS = ['secretKey', 'webhookToken'];
