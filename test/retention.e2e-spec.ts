import { randomUUID } from 'node:crypto';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { freePort } from './support/servers';
import { SECRET_KEY, startService, type TestService } from './support/service';

const TIMES = {
  RETENTION_WEBHOOK_PAYLOAD_DAYS: '90',
  RETENTION_SESSION_DAYS: '60',
  RETENTION_STATUS_CHANGE_DAYS: '100',
  RETENTION_AUDIT_LOG_DAYS: '365',
};
/** More than one batch of each kind. */
const EVENTS = 250;
const CHANGES = 2_100;

describe('Old data', () => {
  let database: TestDatabase;
  let services: readonly TestService[];

  beforeAll(async () => {
    database = await createDatabase();
    await database.query(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', 'app', 'id', 'secret', $1)`,
      [randomUUID()],
    );
    await database.query(
      `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed, error_message, created_at)
       SELECT 'OrderPaid', 'order', id, '{"event":"OrderPaid","data":{"order_id":1,"customer":{"email":"a@b.example"}}}',
         true, 'set aside', CASE WHEN id > ${EVENTS} THEN now() - interval '89 days' ELSE now() - interval '91 days' END
       FROM generate_series(1, ${EVENTS + 50}) id`,
    );
    await makeOrders();
    await makeSessions();
    await database.query(
      `INSERT INTO audit_log (actor, key_name, action, created_at)
       SELECT 'command', 'x', 'test ' || days, now() - make_interval(days => days) FROM unnest(ARRAY[364, 366]) days`,
    );
    await database.query(
      `INSERT INTO idempotency_keys (tenant, access, route, key, digest, expires_at)
       SELECT 'shop', 'public', '/x', 'key ' || minutes, repeat('0', 64), now() + make_interval(mins => minutes)
       FROM unnest(ARRAY[-1, 60]) minutes`,
    );
    const environment = { ...database.environment, ...TIMES };
    // Two instances share the work.
    services = await Promise.all([
      startService({ ...environment, APP_PORT: String(await freePort()) }),
      startService({ ...environment, APP_PORT: String(await freePort()) }),
    ]);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await database.drop();
  });

  /** An order that was paid and refunded long ago, and many that were only cancelled. */
  const makeOrders = async (): Promise<void> => {
    await database.query(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status, total_cents, created_at)
       SELECT i.id, 1, n, CASE WHEN n = 1 THEN 'estornado' ELSE 'cancelado' END, 100, now() - interval '200 days'
       FROM installations i, generate_series(1, ${CHANGES / 2}) n`,
    );
    await database.query('TRUNCATE order_status_changes');
    await database.query(
      `INSERT INTO order_status_changes (appmax_order_id, status, changed_at)
       SELECT n, status, now() - interval '200 days' FROM generate_series(2, ${CHANGES / 2}) n,
         unnest(ARRAY['pendente', 'cancelado']) WITH ORDINALITY AS s (status, place) ORDER BY place, n`,
    );
    await database.query(
      `INSERT INTO order_status_changes (appmax_order_id, status, changed_at)
       SELECT 1, status, now() - make_interval(days => days)
       FROM unnest(ARRAY['pendente', 'aprovado', 'estornado', 'cancelado', 'estornado'], ARRAY[200, 199, 150, 120, 50])
         AS s (status, days)`,
    );
  };

  /** Sessions with and without an order, of both sides of the limit. */
  const makeSessions = async (): Promise<void> => {
    await database.query(
      `INSERT INTO checkout_sessions (public_id, installation_id, request_digest, items, products_cents, shipping_cents,
         discount_cents, total_cents, methods, max_installments, customer, metadata, created_at, expires_at)
       SELECT 'cs_' || name, i.id, repeat('1', 64), '[]', 100, 0, 0, 100, ARRAY['pix'], 1, 'sealed', '{"note": "x"}',
         now() - make_interval(days => days), now() - make_interval(days => days - 1)
       FROM installations i, unnest(ARRAY['old', 'old_sold', 'new'], ARRAY[61, 61, 59]) AS s (name, days)`,
    );
    await database.query(
      `INSERT INTO session_orders (order_id, session_id, total_cents, is_live)
       SELECT o.id, s.id, 100, true FROM orders o, checkout_sessions s
       WHERE o.appmax_order_id = 1 AND s.public_id = 'cs_old_sold'`,
    );
  };

  const names = async (sql: string): Promise<unknown[]> =>
    (await database.query<{ name: unknown }>(sql)).map(({ name }) => name);

  it('payloads of webhooks are reduced when they have their age, and no earlier', async () => {
    await eventually(async () => {
      expect(
        await database.query(
          `SELECT (payload ->> 'reduced') IS NOT NULL AS reduced, count(*)::int AS count, min(id)::int AS first
           FROM webhook_events GROUP BY 1 ORDER BY 3`,
        ),
      ).toEqual([
        { reduced: true, count: EVENTS, first: 1 },
        { reduced: false, count: 50, first: EVENTS + 1 },
      ]);
    });
    const [event] = await database.query<{ payload: unknown }>(
      'SELECT payload FROM webhook_events WHERE id = 7',
    );
    expect(event!.payload).toEqual({
      event: 'OrderPaid',
      event_type: 'order',
      data: { order_id: 7 },
      reduced: true,
    });
  });

  it('an event with a reduced payload is shown and can be replayed', async () => {
    const options = { secretKey: SECRET_KEY };
    const shown = await services[0]!.send('GET', '/admin/webhook-events/7', options);
    expect([shown.status, shown.body['payload']]).toEqual([200, expect.objectContaining({ reduced: true })]);
    const replayed = await services[0]!.send('POST', '/admin/webhook-events/7/replay', {
      ...options,
      body: {},
    });
    expect(replayed.status).toBe(200);
  });

  it('old sessions without an order are deleted, and the others lose their personal data', async () => {
    await eventually(async () => {
      expect(
        await database.query(
          'SELECT public_id, customer, metadata FROM checkout_sessions ORDER BY public_id',
        ),
      ).toEqual([
        { public_id: 'cs_new', customer: 'sealed', metadata: { note: 'x' } },
        { public_id: 'cs_old_sold', customer: null, metadata: null },
      ]);
    });
  });

  it('of old status changes those stay that the statistics need, and the last one of each order', async () => {
    await eventually(async () => {
      expect(
        await names('SELECT DISTINCT status AS name FROM order_status_changes WHERE appmax_order_id <> 1'),
      ).toEqual(['cancelado']);
    });
    expect(await names('SELECT count(*)::int AS name FROM order_status_changes')).toEqual([
      CHANGES / 2 - 1 + 3,
    ]);
    expect(
      await names('SELECT status AS name FROM order_status_changes WHERE appmax_order_id = 1 ORDER BY id'),
    ).toEqual(['aprovado', 'estornado', 'estornado']);
  });

  it('old entries of the audit log and expired idempotency keys are deleted', async () => {
    await eventually(async () => {
      expect(await names("SELECT action AS name FROM audit_log WHERE action LIKE 'test %'")).toEqual([
        'test 364',
      ]);
      expect(await names("SELECT key AS name FROM idempotency_keys WHERE route = '/x'")).toEqual(['key 60']);
    });
  });
});
