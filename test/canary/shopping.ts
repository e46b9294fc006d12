import { randomUUID } from 'node:crypto';
import type { Answer } from '../support/http';
import { ORDER } from '../support/shop';
import type { CanaryCaller } from './caller';
import {
  APPROVED,
  type Canary,
  card,
  CARDS,
  CPF,
  CVV,
  HOLDER_CPF,
  OF_CARDS,
  OF_SHOPPERS,
  secretText,
  SHOPPER,
} from './canaries';

const SOLD = { customer: SHOPPER, order: ORDER };
const HOLDER = { holder_name: 'ZENAIDE CANARINHO', holder_document_number: HOLDER_CPF };
const STREAM = 'GET /checkout/:key/status/:order_id/stream';

/** Makes the requests of shoppers, merchants and operators, and collects the secrets that result. */
export class Shopping {
  /** @param held the known secrets; new ones are added to it. */
  constructor(
    private readonly caller: CanaryCaller,
    private readonly held: Canary[],
    private readonly webhookToken: string,
  ) {}

  /** Makes every kind of request once. A failed one does not stop the others. */
  async useEveryRoute(cards: readonly string[]): Promise<void> {
    const endpointId = await this.makeEndpoint();
    const orderId = await this.sell(cards);
    await this.sellByToken();
    await this.useAfterSale(orderId);
    await this.operate(orderId);
    await this.manageNotifications(endpointId);
  }

  /** Sends invalid requests to each route. Their values are canaries, which no answer may repeat. */
  async sendNonsense(routes: readonly string[]): Promise<void> {
    const everything = {
      ...SHOPPER,
      ...card(APPROVED),
      holder_document_number: CPF,
      token: this.webhookToken,
      client_secret: this.webhookToken,
    };
    const bodies = [
      JSON.stringify(everything),
      `{"x": "${CARDS.join()} ${CPF} ${SHOPPER.email} ${CVV} `,
      JSON.stringify([everything]),
    ];
    const query = { token: this.webhookToken, email: SHOPPER.email, number: APPROVED, cursor: CPF };
    const stranger = { headers: { accept: 'text/html', authorization: `Bearer ${this.webhookToken}` } };
    for (const route of routes) {
      for (const body of route.startsWith('POST') ? bodies : [])
        await this.caller.call(route, { body, query });
      if (!route.startsWith('GET') || route === STREAM) continue;
      await this.caller.call(route, { query, except: this.documentedIn(route) });
      await this.caller.call(route, { query, ...stranger, except: this.documentedIn(route) });
    }
    for (const field of ['email', 'phone', 'document_number', 'first_name'])
      await this.shop('order', {
        ...SOLD,
        customer: { ...SHOPPER, [field]: `${APPROVED} ${CPF} ${SHOPPER.email} ${'x'.repeat(300)}` },
      });
    for (const text of [SHOPPER.email, CPF, SHOPPER.phone, APPROVED, `pan-${APPROVED}`, `cpf${CPF}`]) {
      for (const part of [text, encodeURIComponent(text), encodeURIComponent(encodeURIComponent(text))])
        await this.caller.call(`GET /checkout/${part}/status/${part}`, { headers: { 'x-request-id': part } });
    }
  }

  /** Returns the canaries that a route may answer to an authorized caller, as docs/security.md says. */
  private documentedIn(route: string): readonly Canary[] {
    if (route.includes('/merchant/token'))
      return this.held.filter(({ name }) => name.startsWith("a merchant's"));
    if (['GET /', 'GET /webhooks/appmax'].includes(route))
      return this.held.filter(({ name }) => name === 'WEBHOOK_TOKEN');
    // The document shows how to pay with a card of the sandbox.
    if (route === 'GET /openapi.json') return OF_CARDS;
    return route === 'GET /admin/webhook-events/:id' ? OF_SHOPPERS : [];
  }

  private shop(path: string, body: unknown, key = `${CPF}-${randomUUID()}`): Promise<Answer> {
    return this.caller.call(`POST /checkout/:key/${path}`, { body, headers: { 'idempotency-key': key } });
  }

  private async sell(cards: readonly string[]): Promise<number> {
    const except: Canary[] = [];
    const headers = { 'idempotency-key': `${CPF}-${randomUUID()}` };
    const made = await this.caller.call('POST /checkout/:key/order', { body: SOLD, headers, except });
    const orderId = (made.body['order_id'] as number | undefined) ?? 1;
    const { order_token: token } = made.body;
    const order_token = typeof token === 'string' ? token : 'none';
    // Only the answer to this call may contain the token.
    if (token !== undefined) except.push(secretText("an order's token", order_token));
    this.held.push(...except);
    const status = { orderId, query: { order_token } };
    await this.caller.call('GET /checkout/:key/status/:order_id', status);
    const watching = await this.caller.stream(STREAM, { orderId });
    for (const number of cards)
      await this.shop('pay/credit-card', { ...SOLD, payment: { ...HOLDER, ...card(number) } });
    const raw = { order_id: orderId, order_token, payment: { ...HOLDER, ...card(APPROVED) } };
    const key = randomUUID();
    const paid = await this.shop('pay/credit-card', raw, key);
    await this.shop('pay/credit-card', raw, key);
    await this.shop('pay/pix', { ...SOLD, document_number: CPF });
    await this.shop('pay/boleto', { ...SOLD, document_number: CPF });
    const upsell_hash = (paid.body['upsell_hash'] as string | undefined) ?? 'none';
    await this.shop('upsell', { upsell_hash, products_value: 100, products: ORDER.products });
    await watching.close();
    await (await this.caller.stream(STREAM, { orderId: 2_000_000_000 })).close();
    return orderId;
  }

  private async sellByToken(): Promise<void> {
    const except: Canary[] = [];
    const answer = await this.caller.call('POST /checkout/:key/tokenize', { body: card(APPROVED), except });
    const { token } = answer.body;
    if (typeof token !== 'string') return;
    // Only the answer to this call may contain the token.
    except.push(secretText("a card's token", token));
    this.held.push(...except);
    const payment = { ...HOLDER, token };
    await this.shop('pay/credit-card', { ...SOLD, payment });
    await this.shop('pay/credit-card', { ...SOLD, payment });
  }

  private async useAfterSale(orderId: number): Promise<void> {
    await this.shop('refund', { order_id: orderId, type: 'partial', value: 100 });
    await this.shop('tracking', { order_id: orderId, shipping_tracking_code: 'BR123' });
    await this.caller.call('GET /checkout/:key/config');
    await this.caller.call('GET /checkout/:key/installments', { query: { total_value: '100' } });
    await this.caller.call('GET /checkout/:key/status/:order_id', { orderId });
  }

  /** Makes a key, uses and revokes it. The key may be only in the answer that makes it, its hash in no answer. */
  private async manageKeys(): Promise<void> {
    const except: Canary[] = [];
    const route = 'POST /admin/keys';
    const { body } = await this.caller.call(route, { body: { name: 'canary', scopes: ['manage'] }, except });
    const { key, id } = body as { key: string; id: number };
    except.push(secretText('a key of the database', key));
    this.held.push(...except);
    await this.caller.call('GET /admin/keys', { secretKey: key });
    await this.caller.call('GET /admin/audit', { secretKey: key });
    await this.signInAndOut(key);
    await this.caller.call('DELETE /admin/keys/:id', { eventId: id });
    await this.caller.call('GET /admin/audit');
  }

  /** Signs in with a key, and out. Only the answer of the sign-in may contain its cookie, and no answer the key. */
  private async signInAndOut(key: string): Promise<void> {
    for (const route of ['DELETE /console/session', 'DELETE /console/sessions']) {
      const except: Canary[] = [];
      const answer = await this.caller.call('POST /console/session', { body: { key }, except });
      const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
      const [, token] = /^console=([\w-]{43})$/.exec(cookie) as RegExpExecArray & [string, string];
      except.push(secretText('a token of a sign-in', token));
      this.held.push(...except);
      const headers = { cookie, 'x-console': '1' };
      await this.caller.call('GET /console/session', { headers });
      await this.caller.call(route, { headers });
      await this.caller.call('POST /console/session', { body: { key: `${key}x` }, headers });
    }
  }

  /** Makes an endpoint for notifications, at which nothing listens. Only the answer may contain its secret. */
  private async makeEndpoint(): Promise<number> {
    const except: Canary[] = [];
    const address = { url: 'http://127.0.0.1:9/hook' };
    const { body } = await this.caller.call('POST /admin/endpoints', { body: address, except });
    const { secret, id } = body as { secret: string; id: number };
    except.push(secretText('a secret of an endpoint', secret));
    this.held.push(...except);
    return id;
  }

  /** Uses and deletes an endpoint that was made before the sales. */
  private async manageNotifications(eventId: number): Promise<void> {
    const except: Canary[] = [];
    const rotation = { eventId, body: {}, except };
    const { body } = await this.caller.call('POST /admin/endpoints/:id/rotate-secret', rotation);
    except.push(secretText('a secret of an endpoint', body['secret'] as string));
    this.held.push(...except);
    await this.caller.call('GET /admin/endpoints');
    await this.caller.call('GET /admin/endpoints/:id', { eventId });
    await this.caller.call('POST /admin/endpoints/:id/test', { eventId, body: {} });
    const { body: list } = await this.caller.call('GET /admin/notifications');
    const [first] = (list['data'] as readonly { id: number }[] | undefined) ?? [];
    if (first !== undefined) {
      await this.caller.call('GET /admin/notifications/:id', { eventId: first.id });
      await this.caller.call('POST /admin/notifications/:id/replay', { eventId: first.id, body: {} });
      await this.caller.call('POST /admin/notifications/replay', { body: { ids: [first.id] } });
    }
    await this.caller.call('PATCH /admin/endpoints/:id', { eventId, body: { enabled: false } });
    await this.caller.call('DELETE /admin/endpoints/:id', { eventId });
  }

  private async operate(orderId: number): Promise<void> {
    for (const route of [
      'GET /admin/installations',
      'GET /admin/orders',
      'GET /admin/orders.csv',
      'GET /admin/overview',
      'GET /admin/shops',
      'GET /admin/stats',
      'GET /metrics',
      'GET /health/ready',
      'GET /console',
      'GET /console/*',
    ])
      await this.caller.call(route);
    await (await this.caller.stream('GET /admin/changes', {})).close();
    await this.manageKeys();
    await this.caller.call('POST /installations/:key/start', { body: {} });
    await this.caller.call('GET /admin/orders/:order_id', { orderId });
    await this.caller.call('GET /admin/orders/:order_id/timeline', { orderId });
    await this.caller.call('POST /admin/webhook-events/replay', {
      body: { since: '2026-01-01', event: 'OrderPaid', limit: 2 },
    });
    await this.caller.call('POST /admin/orders/:order_id/refresh', { orderId, body: {} });
    const refunds = { query: { kind: 'refund', state: 'done' } };
    const { body: operations } = await this.caller.call('GET /admin/operations', refunds);
    const [operation] = (operations['data'] as readonly { id: number }[] | undefined) ?? [];
    const eventId = operation?.id ?? 1;
    await this.caller.call('GET /admin/operations/:id', { eventId });
    const resolution = { outcome: 'done', note: 'Seen in the panel' };
    await this.caller.call('POST /admin/operations/:id/resolve', { eventId, body: resolution });
    const { body } = await this.caller.call('GET /admin/webhook-events');
    const [event] = (body['data'] as readonly { id: number }[] | undefined) ?? [];
    if (event === undefined) return;
    const route = 'GET /admin/webhook-events/:id';
    await this.caller.call(route, { eventId: event.id, except: this.documentedIn(route) });
    await this.caller.call('POST /admin/webhook-events/:id/replay', { eventId: event.id, body: {} });
  }
}
