import { randomUUID } from 'node:crypto';
import { eventually } from './support/eventually';
import type { Answer } from './support/http';
import { SECRET_KEY } from './support/service';
import { cardPayment, CPF, CUSTOMER, install, ORDER } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

type Item = Readonly<Record<string, unknown>>;

const OTHER = 'other-shop';

let system: TestSystem;
let orderId: number;

const send = (method: string, path: string, body?: object, secretKey = SECRET_KEY): Promise<Answer> =>
  system.services[0].send(method, path, { secretKey, ...(body === undefined ? {} : { body }) });
const get = (path: string, secretKey?: string): Promise<Answer> => send('GET', path, undefined, secretKey);

async function newOrder(key: string): Promise<number> {
  const made = await send('POST', `/checkout/${key}/order`, { customer: CUSTOMER, order: ORDER });
  expect(made.status).toBe(200);
  return made.body['order_id'] as number;
}

async function newKey(scopes: readonly string[], shop?: string): Promise<string> {
  const body = { name: 'test', scopes, ...(shop === undefined ? {} : { external_key: shop }) };
  return (await send('POST', '/admin/keys', body)).body['key'] as string;
}

beforeAll(async () => {
  system = await startSystem({ WEBHOOK_VERIFICATION: 'none' });
  await install(system.services[0], system.simulator, OTHER);
  orderId = await newOrder(system.key);
});

afterAll(() => system.stop());

describe('The timeline of an order', () => {
  it('the timeline has status changes, operations and webhooks in the order of their times', async () => {
    const paid = await send('POST', `/checkout/${system.key}/pay/pix`, {
      order_id: orderId,
      document_number: CPF,
    });
    expect(paid.status).toBe(200);
    const event = { event: 'OrderPaidByPix', data: { order_id: orderId } };
    for (let copy = 0; copy < 2; copy += 1) {
      await send('POST', '/webhooks/appmax', event);
      await eventually(async () => {
        expect((await get(`/admin/orders/${orderId}`)).body['status']).toBe('aprovado');
      });
    }
    const { status, body } = await get(`/admin/orders/${orderId}/timeline`);
    expect(status).toBe(200);
    const entries = body['entries'] as Item[];
    const times = entries.map(({ at }) => at as string);
    expect(times).toEqual([...times].sort());
    const statuses = entries.filter(({ type }) => type === 'status_changed').map((item) => item['status']);
    expect([statuses[0], statuses.at(-1)]).toEqual(['pendente', 'aprovado']);
    const operations = body['operations'] as Item[];
    expect(operations.map(({ kind, state }) => [kind, state])).toEqual([
      ['order', 'done'],
      ['pix', 'done'],
    ]);
    for (const { id, request_id } of operations)
      for (const type of ['operation_prepared', 'operation_sent', 'operation_settled'])
        expect(entries).toContainEqual(
          expect.objectContaining({ type, operation_id: id, request_id: request_id ?? 'missing' }),
        );
    const events = body['events'] as (Item & { conclusion: Item })[];
    expect(events.map(({ outcome }) => outcome)).toEqual(['repeated', 'applied']);
    expect(events[0]!.conclusion).toMatchObject({
      asserted_status: 'aprovado',
      repeats_event_id: events[1]!['id'],
      verification: 'off',
    });
    for (const type of ['webhook_received', 'webhook_processed'])
      expect(entries.filter((item) => item['type'] === type)).toHaveLength(2);
    expect(body).toMatchObject({
      order: { order_id: orderId, status: 'aprovado', payment_method: 'pix' },
      sync: { failures: 0 },
      is_truncated: false,
    });
  });

  it('a refund has the reason that was given for it, with personal data masked', async () => {
    const paid = await send('POST', `/checkout/${system.key}/pay/credit-card`, {
      customer: CUSTOMER,
      order: ORDER,
      payment: cardPayment(),
    });
    expect(paid.status).toBe(200);
    const refund = await send('POST', `/checkout/${system.key}/refund`, {
      order_id: paid.body['order_id'],
      type: 'partial',
      value: 100,
      reason: `Broken, says ${CUSTOMER.email}`,
    });
    expect(refund.status).toBe(200);
    const { body } = await get(`/admin/orders/${String(paid.body['order_id'])}/timeline`);
    expect((body['operations'] as Item[]).at(-1)).toMatchObject({
      kind: 'refund',
      amount_cents: 100,
      reason: 'Broken, says m…@example.com',
    });
  });

  it('a key of another shop does not find the order', async () => {
    const key = await newKey(['read'], OTHER);
    expect((await get(`/admin/orders/${orderId}/timeline`, key)).status).toBe(404);
  });

  it('a long history is cut, and says so', async () => {
    const id = await newOrder(system.key);
    await system.database.query(
      `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed)
       SELECT 'Event' || n, '', $1::int, '{}', true FROM generate_series(1, 201) n`,
      [id],
    );
    const { body } = await get(`/admin/orders/${id}/timeline`);
    expect([body['is_truncated'], (body['events'] as Item[]).length]).toEqual([true, 200]);
  });
});

describe('The search for orders', () => {
  it('an order is found by the reference of its session, within the shop of the key', async () => {
    const reference = `sale-${randomUUID()}`;
    const made = await send('POST', `/checkout/${system.key}/sessions`, {
      items: ORDER.products,
      reference,
      customer: CUSTOMER,
    });
    expect(made.status).toBe(200);
    const id = await newOrder(system.key);
    await system.database.query(
      `INSERT INTO session_orders (order_id, session_id, total_cents, is_live)
       SELECT o.id, s.id, 100, true FROM orders o, checkout_sessions s
       WHERE o.appmax_order_id = $1 AND s.public_id = $2`,
      [id, made.body['id']],
    );
    const found = await get(`/admin/orders?reference=${reference}`);
    expect(found.body['data']).toEqual([
      expect.objectContaining({ order_id: id, reference, session_id: made.body['id'] }),
    ]);
    const other = await newKey(['read'], OTHER);
    expect((await get(`/admin/orders?reference=${reference}`, other)).body['data']).toEqual([]);
    expect((await get(`/admin/orders?order_id=${id}`, other)).body['data']).toEqual([]);
  });
});

describe('The export of orders', () => {
  const ROWS = 2_500;
  const lines = (answer: Answer): string[] => answer.text.trimEnd().split('\r\n');

  beforeAll(async () => {
    await system.database.query(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status, payment_method, total_cents, created_at)
       SELECT (SELECT id FROM installations WHERE external_key = $1), 1, 1000000000 + n, 'cancelado', 'boleto', n,
         TIMESTAMP '2026-01-01' + n * interval '1 second' FROM generate_series(1, $2::int) n`,
      [OTHER, ROWS],
    );
  });

  it('the export has every order of the list once, with the columns of the list, and their number', async () => {
    const answer = await get('/admin/orders.csv?status=cancelado');
    expect([answer.status, answer.headers.get('x-order-count')]).toEqual([200, String(ROWS)]);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [head, ...rows] = lines(answer);
    expect(head).toBe(
      'order_id,external_key,reference,session_id,customer_id,status,payment_method,total_cents,created_at,updated_at',
    );
    expect(rows.map((row) => Number(row.split(',')[0]))).toEqual(
      Array.from({ length: ROWS }, (_, index) => 1_000_000_000 + ROWS - index),
    );
    expect(rows.at(-1)).toContain(`,${OTHER},,,1,cancelado,boleto,1,2026-01-01T00:00:01.000Z,`);
  });

  it('the export of a key of a shop has only orders of the shop', async () => {
    const answer = await get('/admin/orders.csv?status=cancelado', await newKey(['read'], system.key));
    expect([answer.headers.get('x-order-count'), lines(answer).length]).toEqual(['0', 1]);
  });

  it('texts that a spreadsheet would run are not formulas, and the export is in the audit log', async () => {
    await system.database.query(`UPDATE orders SET status = '=1+1' WHERE appmax_order_id = 1000000001`);
    const answer = await get(`/admin/orders.csv?status=${encodeURIComponent('=1+1')}`);
    expect(lines(answer)[1]).toContain(`,"'=1+1",`);
    const audit = await get(`/admin/audit?action=${encodeURIComponent('GET /admin/orders.csv')}&limit=1`);
    expect(audit.body['data']).toEqual([expect.objectContaining({ status: 200 })]);
  });
});

describe('The list of shops', () => {
  it('a shop is shown with its state, and a key of a shop sees only its own', async () => {
    await system.database.query(
      `INSERT INTO storefront_calls (installation_id, day, caller, calls)
       SELECT id, now()::date, 'all', 7 FROM installations WHERE external_key = $1
       ON CONFLICT (installation_id, day, caller) DO UPDATE SET calls = 7`,
      [system.key],
    );
    const [shop] = (await get(`/admin/shops?external_key=${system.key}`)).body['data'] as Item[];
    const [event] = (await get('/admin/webhook-events?limit=1&outcome=repeated')).body['data'] as Item[];
    expect(shop).toMatchObject({
      external_key: system.key,
      storefront_calls_today: 7,
      storefront_calls_per_day: 1_500,
      checklist: { credentials_accepted: true, has_order: true, has_recent_webhook: true },
    });
    expect(Date.parse(shop!['last_webhook_at'] as string)).toBeGreaterThanOrEqual(
      Date.parse(event!['created_at'] as string),
    );
    const own = await get('/admin/shops', await newKey(['read'], OTHER));
    expect(own.body['data']).toEqual([
      expect.objectContaining({
        external_key: OTHER,
        last_webhook_at: null,
        checklist: expect.objectContaining({ has_recent_webhook: false }) as object,
      }),
    ]);
  });
});

describe('The replay of a selection', () => {
  it('a selection is replayed in batches until nothing is left', async () => {
    const ids = await system.database.query<{ id: number }>(
      `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed, error_message)
       SELECT 'Selected', 'order', 2000000000 + n, '{}', true, 'it never came' FROM generate_series(1, 5) n
       RETURNING id::int`,
    );
    const body = { since: '2026-01-01', event: 'Selected', outcome: 'set_aside', limit: 2 };
    const seen: unknown[] = [];
    const remaining: unknown[] = [];
    for (let after: unknown = 0; after !== null;) {
      const answer = await send('POST', '/admin/webhook-events/replay', { ...body, after });
      expect(answer.status).toBe(200);
      seen.push(...(answer.body['replayed'] as Item[]).map(({ id }) => id));
      remaining.push(answer.body['remaining']);
      after = answer.body['next_after'];
    }
    expect([seen, remaining]).toEqual([ids.map(({ id }) => id), [3, 1, 0]]);
  });

  it('a key of a shop replays only events of its orders', async () => {
    const key = await newKey(['operate'], OTHER);
    const answer = await send('POST', '/admin/webhook-events/replay', { since: '2026-01-01' }, key);
    expect([answer.status, answer.body]).toEqual([200, { replayed: [], next_after: null, remaining: 0 }]);
  });

  it('a selection needs a time', async () => {
    const answer = await send('POST', '/admin/webhook-events/replay', { event: 'Selected' });
    expect([answer.status, (answer.body['errors'] as Item[])[0]!['field']]).toEqual([400, 'since']);
  });
});

describe('The payload of an event', () => {
  it('personal data are masked for a key that may only read', async () => {
    await send('POST', '/webhooks/appmax', {
      event: 'OrderApproved',
      data: { order_id: orderId, customer: { email: CUSTOMER.email, document_number: CPF } },
    });
    const [event] = (await get(`/admin/webhook-events?order_id=${orderId}&event=OrderApproved`)).body[
      'data'
    ] as Item[];
    const path = `/admin/webhook-events/${String(event!['id'])}`;
    const masked = await get(path, await newKey(['read']));
    expect(masked.body['payload']).toMatchObject({
      data: { order_id: orderId, customer: { email: '…', document_number: '…' } },
    });
    for (const key of [SECRET_KEY, await newKey(['read', 'operate'])])
      expect((await get(path, key)).text).toContain(CUSTOMER.email);
  });
});
