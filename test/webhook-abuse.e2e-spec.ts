import { randomInt } from 'node:crypto';
import { Agent, request } from 'undici';
import { campaign } from './support/campaign';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { counted, inParallel } from './support/many';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { cardPayment, CUSTOMER, ORDER } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

const TOKEN = 'wt_0123456789&é abcdef';
const PATH = '/webhooks/appmax';
const PAYMENTS = campaign(120, 12);
/** The junk webhooks that must have been answered with 200, at least. */
const JUNK = campaign(1_000, 200);

describe('With WEBHOOK_TOKEN', () => {
  let database: TestDatabase;
  let service: TestService;

  beforeAll(async () => {
    database = await createDatabase();
    service = await startService({
      ...database.environment,
      WEBHOOK_TOKEN: TOKEN,
      APP_URL: 'https://pay.example.com',
    });
  });

  afterAll(async () => {
    await service.stop();
    await database.drop();
  });

  const stored = (): Promise<object[]> => database.query('SELECT id FROM webhook_events');
  const withToken = `${PATH}?${new URLSearchParams({ token: TOKEN }).toString()}`;

  it.each([
    ['without a token', PATH, {}],
    ['with another token', `${PATH}?token=${TOKEN.length}0123456789abcdef`, {}],
    ['with the token twice', `${withToken}&${withToken.split('?')[1]!}`, {}],
    ['with the token in a header', PATH, { token: encodeURIComponent(TOKEN) }],
    ['with the token as a secret key', PATH, { authorization: `Bearer ${encodeURIComponent(TOKEN)}` }],
    ['with a secret key instead', PATH, { authorization: `Bearer ${SECRET_KEY}` }],
  ])('a webhook that comes %s is refused and not stored', async (_, path, headers) => {
    const body = { event: 'CustomerCreated', token: TOKEN, data: { id: 1 } };
    const answer = await service.send('POST', path, { body, headers });
    expect([answer.status, answer.body]).toEqual([401, { message: 'unauthorized', code: 'unauthorized' }]);
    expect(answer.headers.get('www-authenticate')).not.toBeNull();
    expect(await stored()).toEqual([]);
  });

  it('a webhook that comes with the token is accepted', async () => {
    const body = { event: 'CustomerCreated', data: { id: 1 } };
    const answer = await service.send('POST', withToken, { body });
    expect([answer.status, answer.body]).toEqual([200, { message: 'ok' }]);
    expect(await stored()).toHaveLength(1);
  });

  it('the guide shows the URL with the token only with a secret key', async () => {
    const anyone = await service.send('GET', PATH);
    expect(anyone.text).toContain('<code id="webhook-url">https://pay.example.com/webhooks/appmax</code>');
    expect(anyone.text).toContain('WEBHOOK_TOKEN');
    expect(anyone.text).not.toContain('wt_0123456789');
    const holder = await service.send('GET', PATH, { secretKey: SECRET_KEY });
    expect(holder.text).toContain(
      'https://pay.example.com/webhooks/appmax?token=wt_0123456789%26%C3%A9+abcdef',
    );
    expect(holder.headers.get('cache-control')).toBe('no-store');
  });
});

/** Returns junk of a random kind: an unknown event, an unknown order, or a false status of a real order. */
function junk(orderId: number): unknown {
  const kinds = [
    { event: `Junk${randomInt(1_000_000)}`, data: { order_id: randomInt(1, 2_000_000_000) } },
    { event: 'OrderPaid', data: { order_id: randomInt(1, 2_000_000_000), text: 'x'.repeat(2_000) } },
    { event: 'OrderRefund', data: { order_id: orderId } },
    { event: 'CustomerCreated', data: { id: 1 } },
    { data: 'no event' },
  ];
  return kinds[randomInt(kinds.length)];
}

describe('A flood of junk webhooks', () => {
  let system: TestSystem;

  beforeAll(async () => {
    // With few connections, webhooks that used all of them would make payments fail.
    system = await startSystem({ DB_MAX_OPEN_CONNS: '6' });
  });

  afterAll(async () => {
    await system.stop();
  });

  it('a flood of junk webhooks stores at most one row each, and no payment fails', async () => {
    const [service] = system.services;
    const path = `/checkout/${system.key}/pay/credit-card`;
    const pay = () =>
      service.send('POST', path, { body: { customer: CUSTOMER, order: ORDER, payment: cardPayment() } });
    const first = await pay();
    const orderId = first.body['order_id'] as number;
    const agent = new Agent({ connections: 256 });
    const statuses: string[] = [];
    let flooding = true;
    const flood = inParallel(Array.from({ length: 256 }), 256, async () => {
      while (flooding) {
        const status = await request(`${service.url}${PATH}`, {
          method: 'POST',
          dispatcher: agent,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(junk(orderId)),
        }).then(
          async (answer) => {
            await answer.body.dump();
            return String(answer.statusCode);
          },
          // On a slow machine, the service cuts off requests that take too long to arrive.
          () => 'cut off',
        );
        statuses.push(status);
      }
    });
    const paid = await inParallel(Array.from({ length: PAYMENTS }), 6, async () => {
      const { status } = await pay();
      return String(status);
    });
    // On a slow machine, all payments may be made before that much junk has come.
    await eventually(() => {
      expect(counted(statuses)['200']).toBeGreaterThan(JUNK);
      return Promise.resolve();
    }).finally(() => {
      flooding = false;
    });
    await flood;
    await agent.close();
    expect(counted(paid)).toEqual({ '200': PAYMENTS });
    const answers = counted(statuses);
    const expected = ['200', '400', '408', '503', 'cut off'];
    expect(Object.keys(answers).filter((status) => !expected.includes(status))).toEqual([]);
    expect(answers['200']).toBeGreaterThan(JUNK);
    const [row] = await system.database.query<{ events: number }>(
      'SELECT count(*)::int AS events FROM webhook_events',
    );
    // A request that was cut off may be stored.
    expect(row!.events).toBeGreaterThanOrEqual(answers['200']!);
    expect(row!.events).toBeLessThanOrEqual(answers['200']! + (answers['cut off'] ?? 0));
    const [order] = await system.database.query('SELECT status FROM orders WHERE appmax_order_id = $1', [
      orderId,
    ]);
    expect(order).toEqual({ status: 'aprovado' });
  });
});
