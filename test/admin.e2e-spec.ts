import { randomUUID } from 'node:crypto';
import { codeOf } from '../src/common/errors/api-error';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import type { Answer } from './support/http';
import { SECRET_KEY, startService, type TestService } from './support/service';

type Item = Readonly<Record<string, unknown>>;

const ROWS = 100_000;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const LISTS = ['/admin/installations', '/admin/orders', '/admin/webhook-events'];

describe('The admin routes', () => {
  let database: TestDatabase;
  let service: TestService;

  beforeAll(async () => {
    database = await createDatabase();
    service = await startService({ ...database.environment, BACKGROUND_WORK: 'off' });
    await seed(database);
  });

  afterAll(async () => {
    await service.stop();
    await database.drop();
  });

  const get = (path: string, secretKey = SECRET_KEY): Promise<Answer> =>
    service.send('GET', path, { secretKey });

  const items = async (path: string): Promise<Item[]> => {
    const answer = await get(path);
    expect([answer.status, Object.keys(answer.body)]).toEqual([200, ['data', 'next_cursor']]);
    return answer.body['data'] as Item[];
  };

  /** Reads all pages of a list. */
  const allPages = async (path: string): Promise<Item[]> => {
    const found: Item[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const answer: Answer = await get(`${path}&cursor=${cursor}`);
      found.push(...(answer.body['data'] as Item[]));
      cursor = answer.body['next_cursor'] as string | null;
    }
    return found;
  };

  const ids = (found: readonly Item[]): number[] => found.map(({ id }) => id as number);

  it.each([...LISTS, '/admin/orders/1', '/admin/webhook-events/1'])('%s needs a secret key', async (path) => {
    const without = await service.send('GET', path);
    const wrong = await get(path, 'sk_test_wrong_wrong_wrong');
    expect([without.status, without.body]).toEqual([401, { message: 'unauthorized', code: 'unauthorized' }]);
    expect(without.headers.get('www-authenticate')).toContain('Bearer');
    expect(wrong.status).toBe(401);
    expect((await get(path)).status).toBe(200);
  });

  it('the list of installations has no credentials', async () => {
    const answer = await get('/admin/installations');
    expect(answer.body).toEqual({
      data: ['shop-3', 'shop-2', 'shop-1'].map((key) => ({
        id: expect.any(Number) as number,
        external_key: key,
        external_id: expect.any(String) as string,
        app_id: 'app',
        installed_at: expect.stringMatching(INSTANT) as string,
        created_at: expect.stringMatching(INSTANT) as string,
        updated_at: expect.stringMatching(INSTANT) as string,
      })),
      next_cursor: null,
    });
    expect(answer.text).not.toContain('hunter2');
  });

  it('the list of orders has the external_key of each shop', async () => {
    const [first] = await items('/admin/orders?limit=1');
    expect(first).toEqual({
      id: ROWS,
      order_id: ROWS,
      customer_id: 1,
      external_key: 'shop-1',
      status: 'pendente',
      payment_method: 'credit_card',
      total_cents: ROWS,
      reference: null,
      session_id: null,
      created_at: expect.stringMatching(INSTANT) as string,
      updated_at: expect.stringMatching(INSTANT) as string,
    });
  });

  it('an order is shown without its upsell hash, and an event with its payload', async () => {
    const order = await get('/admin/orders/8');
    expect(order.body).toMatchObject({
      order_id: 8,
      external_key: 'shop-2',
      pix_qr_code: null,
      pix_emv: null,
      boleto_pdf_url: null,
      boleto_digitavel: null,
    });
    expect(order.text).not.toContain('hash-');
    const event = await get('/admin/webhook-events/7');
    expect(event.body).toEqual({
      id: 7,
      event: 'OrderPaid',
      event_type: 'order',
      order_id: 7,
      processed: true,
      processed_at: null,
      outcome: 'applied',
      error_message: null,
      created_at: expect.stringMatching(INSTANT) as string,
      payload: {
        data: { customer: { document: '52998224725' } },
        partner_merchant: { merchant_email: 'l…@example.com', merchant_document_number: '…99', phone: null },
      },
      conclusion: {
        asserted_status: 'aprovado',
        repeats_event_id: null,
        verification: 'confirmed',
        attempts: 0,
        last_error: null,
        next_attempt_at: null,
      },
    });
    expect((await items('/admin/webhook-events?limit=1'))[0]).not.toHaveProperty('payload');
  });

  it.each([
    ['/admin/orders/0', 400, 'invalid order_id'],
    ['/admin/orders/x', 400, 'invalid order_id'],
    ['/admin/orders/2147483648', 400, 'invalid order_id'],
    ['/admin/orders/2147483647', 404, 'order not found'],
    ['/admin/webhook-events/0', 400, 'invalid id'],
    ['/admin/webhook-events/1e3', 400, 'invalid id'],
    ['/admin/webhook-events/9007199254740993', 400, 'invalid id'],
    ['/admin/webhook-events/999999999', 404, 'webhook event not found'],
  ])('%s is answered %d %s', async (path, status, message) => {
    const answer = await get(path);
    expect([answer.status, answer.body]).toEqual([status, { message, code: codeOf(message) }]);
  });

  it('the pages of a list together have every row exactly once', async () => {
    const newest = await allPages('/admin/installations?limit=1');
    expect(newest.map(({ external_key }) => external_key)).toEqual(['shop-3', 'shop-2', 'shop-1']);
    const rare = await allPages('/admin/orders?status=estornado&limit=7');
    expect(ids(rare)).toEqual(Array.from({ length: ROWS / 1000 }, (_, index) => ROWS - 500 - index * 1000));
  });

  it('a cursor stays valid while rows are added', async () => {
    const first = await get('/admin/webhook-events?limit=5');
    await database.query(
      `INSERT INTO webhook_events (event, event_type, payload, processed) VALUES ('New', '', '{}', true)`,
    );
    const second = await items(`/admin/webhook-events?limit=5&cursor=${String(first.body['next_cursor'])}`);
    const seen = [...ids(first.body['data'] as Item[]), ...ids(second)];
    expect(seen).toEqual(Array.from({ length: 10 }, (_, index) => seen[0]! - index));
    await database.query(`DELETE FROM webhook_events WHERE event = 'New'`);
  });

  it.each<[string, (item: Item) => boolean, number]>([
    ['/admin/orders?external_key=shop-2', (o) => o['external_key'] === 'shop-2', 50],
    ['/admin/orders?external_key=nobody', () => true, 0],
    ['/admin/orders?status=estornado', (o) => o['status'] === 'estornado', 50],
    ['/admin/orders?status=nonsense', () => true, 0],
    ['/admin/orders?payment_method=pix', (o) => o['payment_method'] === 'pix', 50],
    ['/admin/orders?status=&external_key=', () => true, 50],
    [
      '/admin/orders?status=estornado&external_key=shop-3&limit=200',
      (o) => o['external_key'] === 'shop-3',
      33,
    ],
    ['/admin/orders?from=2026-01-01&to=2026-01-01T00:10:00Z&limit=200', (o) => (o['id'] as number) < 10, 9],
    ['/admin/orders?from=2026-01-01T03:00:00%2B03:00&to=2026-01-01T00:02Z', (o) => o['id'] === 1, 1],
    ['/admin/orders?order_id=17', (o) => o['order_id'] === 17, 1],
    ['/admin/orders?order_id=17&external_key=shop-3', () => true, 0],
    ['/admin/orders?min_total_cents=17&max_total_cents=19', (o) => (o['id'] as number) < 20, 3],
    [
      '/admin/orders?max_total_cents=40&payment_method=credit_card',
      (o) => o['payment_method'] === 'credit_card',
      4,
    ],
    ['/admin/orders?reference=nothing', () => true, 0],
    ['/admin/installations?external_key=shop-2', (i) => i['external_key'] === 'shop-2', 1],
    ['/admin/webhook-events?event=OrderRefund', (e) => e['event'] === 'OrderRefund', 50],
    ['/admin/webhook-events?order_id=17', (e) => e['order_id'] === 17, 2],
    ['/admin/webhook-events?order_id=17&external_key=shop-2', (e) => e['order_id'] === 17, 2],
    ['/admin/webhook-events?order_id=17&external_key=shop-3', () => true, 0],
    ['/admin/webhook-events?processed=false&limit=200', (e) => e['processed'] === false, 2],
    ['/admin/webhook-events?outcome=waiting', (e) => e['processed'] === false, 2],
    ['/admin/webhook-events?problems=true', (e) => [2e9, 2e9 + 1].includes(e['order_id'] as number), 2],
    ['/admin/webhook-events?problems=true&outcome=set_aside', (e) => e['outcome'] === 'set_aside', 1],
    ['/admin/webhook-events?problems=false&limit=3', () => true, 3],
    ['/admin/webhook-events?outcome=applied', (e) => e['outcome'] === 'applied', 50],
    ['/admin/webhook-events?outcome=repeated', (e) => e['outcome'] === 'repeated', 1],
    ['/admin/webhook-events?outcome=set_aside', (e) => e['error_message'] === 'it never came', 1],
    ['/admin/webhook-events?from=2026-01-01&to=2026-01-01T00:10Z', (e) => (e['id'] as number) < 10, 9],
  ])('%s filters the list', async (path, matches, count) => {
    const found = await items(path);
    expect([found.length, found.filter((item) => !matches(item))]).toEqual([count, []]);
  });

  it.each([
    ['/admin/installations?limit=0', 'limit'],
    ['/admin/installations?limit=201', 'limit'],
    ['/admin/installations?cursor=7', 'cursor'],
    ['/admin/installations?external_key=%00', 'external_key'],
    ['/admin/orders?payment_method=cash', 'payment_method'],
    ['/admin/orders?stauts=aprovado', 'stauts'],
    ['/admin/orders?min_total_cents=-1', 'min_total_cents'],
    ['/admin/orders?order_id=x', 'order_id'],
    ['/admin/operations?paidTwice=true', 'paidTwice'],
    ['/admin/installations?page=2', 'page'],
    ['/admin/orders?from=yesterday', 'from'],
    ['/admin/orders?to=2026-02-30', 'to'],
    ['/admin/orders?status=a&status=b', 'status'],
    ['/admin/webhook-events?order_id=2147483648', 'order_id'],
    ['/admin/webhook-events?processed=maybe', 'processed'],
    ['/admin/webhook-events?outcome=lost', 'outcome'],
    [`/admin/webhook-events?event=${'x'.repeat(65)}`, 'event'],
  ])('%s is answered 400 with the invalid field', async (path, field) => {
    const answer = await get(path);
    expect([answer.status, answer.body]).toEqual([
      400,
      {
        message: 'invalid query parameters',
        code: 'invalid_query_parameters',
        errors: [{ field, message: expect.stringContaining(field) as string }],
      },
    ]);
  });

  /** Returns the sequential scans of tables so far, and the rows that were read by these or by indexes. */
  const reads = async (tables: readonly string[]): Promise<{ scans: number; rows: number }> => {
    // A connection may report what it has read ten seconds late, at the latest when it ends.
    await service.stop();
    await eventually(async () => {
      const others = await database.query(
        'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      expect(others).toEqual([]);
    });
    await database.query('SELECT pg_stat_force_next_flush()');
    const [row] = await database.query<{ scans: number; rows: number }>(
      `SELECT sum(seq_scan)::int AS scans, sum(idx_tup_fetch + seq_tup_read)::int AS rows FROM pg_stat_user_tables
       WHERE relname = ANY ($1)`,
      [tables],
    );
    service = await startService({ ...database.environment, BACKGROUND_WORK: 'off' });
    return row!;
  };

  /** Returns the sequential scans of tables during an action, and the rows that were read by these or by indexes. */
  const readsOf = async (
    tables: readonly string[],
    action: () => Promise<void>,
  ): Promise<{ scans: number; rows: number }> => {
    const before = await reads(tables);
    await action();
    const after = await reads(tables);
    return { scans: after.scans - before.scans, rows: after.rows - before.rows };
  };

  it('the events with problems are found by indexes, however many have none', async () => {
    const { scans, rows } = await readsOf(['webhook_events', 'unapplied_webhook_events'], async () => {
      for (let times = 0; times < 20; times += 1) await items('/admin/webhook-events?problems=true');
    });
    expect(scans).toBe(0);
    expect(rows).toBeGreaterThanOrEqual(20 * 2);
    expect(rows).toBeLessThan(20 * 10);
  });

  it('the list of shops reads the orders of recent events, not all orders of the shops', async () => {
    // Each shop has so many orders here that the first one may be found by a scan, which ends there.
    const { rows } = await readsOf(['orders'], async () => {
      await items('/admin/shops');
    });
    expect(rows).toBeGreaterThan(5_000);
    expect(rows).toBeLessThan(ROWS / 5);
  });

  it(`a page of ${ROWS} rows is read by an index, with few other rows`, async () => {
    const paths = [
      '/admin/orders?limit=50',
      '/admin/orders?status=estornado',
      '/admin/orders?external_key=shop-2',
      '/admin/orders?from=2026-01-01&to=2026-01-02&limit=20',
      '/admin/orders?to=2026-02-01&status=estornado',
      '/admin/orders?min_total_cents=500&max_total_cents=520',
      '/admin/orders?payment_method=credit_card&external_key=shop-2',
      // No order passes both filters: only the index is read.
      '/admin/orders?status=estornado&payment_method=boleto',
      '/admin/orders?external_key=shop-2&status=aprovado',
      '/admin/webhook-events?limit=50',
      '/admin/webhook-events?event=OrderRefund',
      '/admin/webhook-events?order_id=17',
      '/admin/webhook-events?processed=false',
      '/admin/webhook-events?outcome=set_aside',
      '/admin/webhook-events?outcome=repeated',
      '/admin/webhook-events?from=2026-01-01&to=2026-01-02&limit=20',
    ];
    const { scans, rows } = await readsOf(['orders', 'webhook_events'], async () => {
      for (const path of paths) await items(path);
    });
    expect(scans).toBe(0);
    expect(rows).toBeGreaterThan(5 * 50);
    expect(rows).toBeLessThan(3_000);
  });
});

/** Inserts three shops, 100,000 orders and as many events, one a minute from the start of 2026. */
async function seed(database: TestDatabase): Promise<void> {
  for (const key of ['shop-1', 'shop-2', 'shop-3'])
    await database.query(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ($1, 'app', 'id-hunter2', 'hunter2', $2)`,
      [key, randomUUID()],
    );
  await database.query(
    `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status, payment_method, total_cents,
                         upsell_hash, created_at)
     SELECT 1 + ((n - 1) % 3), 1, n, CASE WHEN n % 1000 = 500 THEN 'estornado' ELSE 'pendente' END,
            CASE WHEN n % 10 = 0 THEN 'credit_card' ELSE 'pix' END, n, 'hash-' || n,
            TIMESTAMP '2026-01-01' + n * interval '1 minute'
     FROM generate_series(1, $1::int) n`,
    [ROWS],
  );
  await database.query(
    `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed, created_at)
     SELECT CASE WHEN n % 1000 = 0 THEN 'OrderRefund' ELSE 'OrderPaid' END, 'order', n, $2, true,
            TIMESTAMP '2026-01-01' + n * interval '1 minute'
     FROM generate_series(1, $1::int) n`,
    [
      ROWS,
      {
        data: { customer: { document: '52998224725' } },
        partner_merchant: {
          merchant_email: 'loja@example.com',
          merchant_document_number: '12345678000199',
          phone: null,
        },
      },
    ],
  );
  await database.query(
    `WITH events AS (
       INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed, error_message) VALUES
         ('OrderPaid', 'order', 17, '{}', true, 'repeats webhook event 17'),
         ('OrderPaid', 'order', 2000000000, '{}', false, NULL),
         ('OrderPaid', 'order', 2000000001, '{}', true, 'it never came'),
         ('OrderPaid', 'order', 2000000002, '{}', false, NULL)
       RETURNING id, appmax_order_id)
     INSERT INTO unapplied_webhook_events (event_id, reason, repeats_event_id)
     SELECT id, 'repeated'::unapplied_reason, 17 FROM events WHERE appmax_order_id = 17
     UNION ALL SELECT id, 'set_aside', NULL FROM events WHERE appmax_order_id = 2000000001
     UNION ALL SELECT id, 'repeated', 17 FROM webhook_events WHERE id BETWEEN 1001 AND 51000`,
  );
  await database.query(
    `UPDATE webhook_attempts SET attempts = 3, last_error = 'its order did not appear'
     WHERE appmax_order_id = 2000000000`,
  );
  await database.query('VACUUM ANALYZE');
}
