import { randomInt, randomUUID } from 'node:crypto';
import { isPaid } from '../src/orders/status/status-rules';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { freePort } from './support/servers';
import { SECRET_KEY, startService, type TestService } from './support/service';

interface Cell {
  readonly day: string;
  readonly shop: number;
  readonly measure: string;
  readonly method: string;
  readonly detail: string;
  readonly entries: number;
  readonly amount: number;
}

interface OrderRow {
  readonly id: number;
  readonly appmax_order_id: number;
  readonly installation_id: number;
  readonly status: string;
  readonly payment_method: string | null;
  readonly total_cents: number;
  readonly created_at: Date;
}

interface OperationRow {
  readonly order_id: number;
  readonly kind: string;
  readonly state: string;
  readonly amount_cents: number;
  readonly sent_at: Date;
  readonly settled_at: Date;
}

const STATUSES = ['pendente', 'aprovado', 'integrado', 'estornado', 'cancelado', 'em_revisao'] as const;
const METHODS = [null, 'pix', 'boleto', 'credit_card'] as const;
const pick = <Value>(values: readonly Value[]): Value => values[randomInt(values.length)]!;

/** Returns the day of an instant in São Paulo. */
const dayOf = (instant: Date): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Sao_Paulo' }).format(instant);

/** Returns the times of an order's changes to certain statuses. */
const timesOf = (
  history: readonly { status: string; at: Date }[],
  matches: (status: string) => boolean,
): number[] => history.filter(({ status }) => matches(status)).map(({ at }) => at.getTime());

const LIMITS = [60, 300, 900, 1_800, 3_600, 86_400];

describe('The statistics', () => {
  let database: TestDatabase;
  let services: readonly TestService[];

  beforeAll(async () => {
    database = await createDatabase();
    // Instants of the test's own connection are read and written as UTC, like those of the service.
    await database.query("SET timezone = 'UTC'");
    services = [
      await startService(database.environment),
      await startService({ ...database.environment, APP_PORT: String(await freePort()) }),
    ];
    for (const key of ['shop-1', 'shop-2'])
      await database.query(
        `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
         VALUES ($1, 'app', 'id', 'secret', $2)`,
        [key, randomUUID()],
      );
  });

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await database.drop();
  });

  const stats = async (query = '', secretKey = SECRET_KEY) => {
    const answer = await services[0]!.send('GET', `/admin/stats${query}`, { secretKey });
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    return answer.body;
  };

  /** Waits until both services have nothing more to count. */
  const counted = (): Promise<void> =>
    eventually(async () => {
      expect(await database.query('SELECT id FROM statistics_queue')).toEqual([]);
    });

  const sorted = (cells: readonly Cell[]): string[] =>
    cells
      .map(({ day, shop, measure, method, detail, entries, amount }) =>
        [day, shop, measure, method, detail, entries, amount].join(' '),
      )
      .sort();

  /** Computes the sums of each shop from all rows, without the service. */
  async function scan(): Promise<Cell[]> {
    const orders = await database.query<OrderRow>(
      `SELECT id::int, appmax_order_id, installation_id::int, status, payment_method, total_cents,
         created_at AT TIME ZONE 'UTC' AS created_at FROM orders`,
    );
    const changes = await database.query<{ order: number; status: string; at: Date }>(
      `SELECT appmax_order_id AS order, status, changed_at AT TIME ZONE 'UTC' AS at FROM order_status_changes ORDER BY id`,
    );
    const operations = await database.query<OperationRow>(
      `SELECT order_id::int, kind, state, amount_cents, sent_at AT TIME ZONE 'UTC' AS sent_at,
         settled_at AT TIME ZONE 'UTC' AS settled_at FROM operations`,
    );
    const sums = new Map<string, Cell>();
    const add = (instant: Date, cell: Omit<Cell, 'day'>): void => {
      const key = JSON.stringify([dayOf(instant), cell.shop, cell.measure, cell.method, cell.detail]);
      const before = sums.get(key) ?? { entries: 0, amount: 0 };
      sums.set(key, {
        day: dayOf(instant),
        ...cell,
        entries: before.entries + cell.entries,
        amount: before.amount + cell.amount,
      });
    };
    for (const order of orders) {
      const [shop, method, detail] = [order.installation_id, order.payment_method ?? 'none', order.status];
      const own = operations.filter(({ order_id: id }) => id === order.id);
      const history = changes.filter((change) => change.order === order.appmax_order_id);
      const one = { shop, method, detail, entries: 1, amount: order.total_cents };
      add(order.created_at, { ...one, measure: 'made' });
      const declines = own.filter(({ kind, state }) => kind === 'credit_card' && state === 'declined').length;
      if (declines > 0)
        add(order.created_at, {
          shop,
          measure: 'declined',
          method: 'credit_card',
          detail: '',
          entries: declines,
          amount: 0,
        });
      const refunds = own.filter(({ kind, state }) => kind === 'refund' && state === 'confirmed');
      if (order.status === 'estornado' && order.total_cents > 0)
        add(new Date(Math.max(...timesOf(history, (status) => status === 'estornado'))), {
          ...one,
          measure: 'refunded',
        });
      else if (order.status !== 'estornado' && refunds.length > 0)
        add(new Date(Math.max(...refunds.map((refund) => refund.settled_at.getTime()))), {
          ...one,
          measure: 'refunded',
          amount: refunds.reduce((sum, refund) => sum + refund.amount_cents, 0),
        });
      if (!isPaid(order.status)) continue;
      const paid = new Date(Math.min(...timesOf(history, isPaid)));
      add(paid, { ...one, measure: 'paid' });
      const codes = own.filter(
        ({ kind, state, sent_at: sent }) => kind === 'pix' && state === 'done' && sent <= paid,
      );
      if (method !== 'pix' || codes.length === 0) continue;
      const sent = Math.max(...codes.map((code) => code.sent_at.getTime()));
      const seconds = Math.round((paid.getTime() - sent) / 1000);
      const group = LIMITS.find((limit) => seconds <= limit);
      add(paid, {
        shop,
        measure: 'pix_wait',
        method,
        detail: String(group ?? 'longer'),
        entries: 1,
        amount: seconds,
      });
    }
    return [...sums.values()];
  }

  /** Returns the sums of all shops, which have the shop 0. */
  function ofAllShops(cells: readonly Cell[]): Cell[] {
    const sums = new Map<string, Cell>();
    for (const cell of cells) {
      const key = [cell.day, cell.measure, cell.method, cell.detail].join(' ');
      const { entries, amount } = sums.get(key) ?? { entries: 0, amount: 0 };
      sums.set(key, { ...cell, shop: 0, entries: entries + cell.entries, amount: amount + cell.amount });
    }
    return [...sums.values()];
  }

  /** Returns the sums of each day and shop, as texts: all columns of `daily_shop_sums`. */
  function byShop(cells: readonly Cell[]): string[] {
    const keys = new Set(
      cells.filter(({ measure }) => measure !== 'pix_wait').map(({ day, shop }) => `${day} ${shop}`),
    );
    return [...keys]
      .map((key) => {
        const own = cells.filter(({ day, shop }) => `${day} ${shop}` === key);
        const sum = (measure: string, field: 'entries' | 'amount'): number =>
          own.filter((cell) => cell.measure === measure).reduce((total, cell) => total + cell[field], 0);
        const columns = ['made', 'paid', 'refunded'].flatMap((measure) => [
          sum(measure, 'entries'),
          sum(measure, 'amount'),
        ]);
        return [key, ...columns, sum('declined', 'entries')].join(' ');
      })
      .sort();
  }

  const shopTable = async (): Promise<string[]> => {
    const rows = await database.query<{ row: string }>(
      `SELECT concat_ws(' ', day, installation_id, orders, orders_cents, paid, paid_cents, refunds, refunded_cents,
         declines) AS row
       FROM daily_shop_sums WHERE orders + paid + refunds + declines > 0`,
    );
    return rows.map(({ row }) => row).sort();
  };

  const table = (): Promise<Cell[]> =>
    database.query<Cell>(
      `SELECT day::text AS day, installation_id::int AS shop, measure, payment_method AS method, detail,
         entries::int AS entries, amount::int AS amount
       FROM daily_statistics WHERE entries <> 0 OR amount <> 0`,
    );

  let made = 0;

  /** Makes one random change. Status changes get whole seconds at random times, so that all days occur. */
  async function change(): Promise<void> {
    const order = 1 + randomInt(Math.max(1, made));
    const shop = 1 + randomInt(2);
    switch (randomInt(6)) {
      case 0:
        made += 1;
        await database.query(
          `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status, payment_method, total_cents, created_at)
           VALUES ($1, 1, $2::int, $3, $4, $5, now() - random() * interval '20 days')`,
          [shop, made, pick(STATUSES), pick(METHODS), randomInt(1_000)],
        );
        return;
      case 1:
        await database.query('UPDATE orders SET status = $2 WHERE appmax_order_id = $1', [
          order,
          pick(STATUSES),
        ]);
        return;
      case 2:
        await database.query(
          'UPDATE orders SET payment_method = $2, total_cents = total_cents + 1 WHERE appmax_order_id = $1',
          [order, pick(METHODS)],
        );
        return;
      case 3:
        await database.query(
          `INSERT INTO operations (kind, state, installation_id, order_id, sale, amount_cents, call_limit_seconds, sent_at, settled_at)
           SELECT $2::operation_kind, $3::operation_state, installation_id, id, 'order:' || id, $4::int, 30,
             date_trunc('second', now() - random() * interval '3 days'), date_trunc('second', now() - random() * interval '3 days')
           FROM orders WHERE appmax_order_id = $1 ON CONFLICT DO NOTHING`,
          [
            order,
            pick(['pix', 'refund', 'credit_card']),
            pick(['done', 'confirmed', 'declined']),
            1 + randomInt(500),
          ],
        );
        return;
      case 4:
        await database.query(
          `UPDATE operations SET state = $2::operation_state WHERE id = (SELECT max(id) FROM operations
             WHERE order_id = (SELECT id FROM orders WHERE appmax_order_id = $1))`,
          [order, pick(['done', 'confirmed', 'declined', 'denied'])],
        );
        return;
      default:
        await database.query(
          `DELETE FROM orders o WHERE appmax_order_id = $1 AND random() < 0.3
             AND NOT EXISTS (SELECT FROM operations p WHERE p.order_id = o.id)`,
          [order],
        );
    }
  }

  it('after random histories and two instances that count, the table is equal to a scan', async () => {
    for (let round = 0; round < 5; round += 1) {
      for (let index = 0; index < 120; index += 1) await change();
      // The trigger writes the current time: other times make all groups of Pix waits and all days occur.
      await database.query(
        `UPDATE order_status_changes SET changed_at = date_trunc('second', changed_at - random() * interval '3 days')
         WHERE id IN (SELECT id FROM order_status_changes ORDER BY random() LIMIT 100)`,
      );
      await database.query('UPDATE order_status_changes SET changed_at = date_trunc($1, changed_at)', [
        'second',
      ]);
      await database.query('INSERT INTO statistics_queue (order_id) SELECT id FROM orders');
      await counted();
      const cells = await scan();
      expect(sorted(await table())).toEqual(sorted([...cells, ...ofAllShops(cells)]));
      expect(await shopTable()).toEqual(byShop(cells));
    }
    const all = await scan();
    const total = (measure: string, field: 'entries' | 'amount'): number =>
      all.filter((cell) => cell.measure === measure).reduce((sum, cell) => sum + cell[field], 0);
    const { totals, days, shops, statuses, pix_waits: waits } = await stats();
    expect(totals).toEqual({
      orders: total('made', 'entries'),
      orders_cents: total('made', 'amount'),
      paid: total('paid', 'entries'),
      paid_cents: total('paid', 'amount'),
      refunds: total('refunded', 'entries'),
      refunded_cents: total('refunded', 'amount'),
      declines: total('declined', 'entries'),
    });
    const sumOf = (rows: unknown, field: string): number =>
      (rows as Record<string, number>[]).reduce((sum, row) => sum + row[field]!, 0);
    for (const rows of [days, shops])
      for (const [field, expected] of Object.entries(totals as Record<string, number>))
        expect([field, sumOf(rows, field)]).toEqual([field, expected]);
    expect(sumOf(statuses, 'orders')).toBe(total('made', 'entries'));
    expect(sumOf(waits, 'paid')).toBe(total('pix_wait', 'entries'));
  });

  it('a change that was made outside of the service is queued by its own transaction', async () => {
    await counted();
    const before = sorted(await table());
    const shopsBefore = await shopTable();
    await database.query('BEGIN');
    await database.query(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, total_cents) VALUES (1, 1, 900001, 7)`,
    );
    expect(await database.query('SELECT order_id FROM statistics_queue')).toHaveLength(1);
    await database.query('ROLLBACK');
    await counted();
    expect(sorted(await table())).toEqual(before);
    expect(await shopTable()).toEqual(shopsBefore);
  });

  it('a range and a shop select the sums, and a key of a shop sees only its own', async () => {
    const made = await services[0]!.send('POST', '/admin/keys', {
      secretKey: SECRET_KEY,
      body: { name: 'shop', scopes: ['read'], external_key: 'shop-1' },
    });
    const key = made.body['key'] as string;
    await counted();
    const own = (await scan()).filter((cell) => cell.measure === 'made' && cell.shop === 1);
    const expected = own.reduce((sum, cell) => sum + cell.entries, 0);
    expect(expected).toBeGreaterThan(0);
    const orders = async (query: string, secretKey?: string): Promise<unknown> =>
      ((await stats(query, secretKey))['totals'] as Record<string, number>)['orders'];
    expect(await orders('?key=shop-1')).toBe(expected);
    expect(await orders('', key)).toBe(expected);
    expect(await orders('?key=shop-2', key)).toBe(0);
    expect(await orders('?key=nobody')).toBe(0);
    for (const foreign of [await stats('?key=shop-2', key), await stats('?key=nobody')])
      expect(foreign).toMatchObject({ days: [], shops: [], statuses: [] });
    expect(await orders('?from=2020-01-01&to=2020-01-02')).toBe(0);
    expect((await stats('', key))['shops']).toEqual([
      expect.objectContaining({ external_key: 'shop-1', orders: expected }),
    ]);
  });

  it('an answer for all shops reads the sums of all shops, not those of each', async () => {
    const day = '2020-01-01';
    await database.query(
      "INSERT INTO daily_statistics VALUES ($1, 0, 'made', 'pix', 'aprovado', 5, 500), ($1, 2, 'made', 'pix', 'x', 3, 30)",
      [day],
    );
    await database.query('INSERT INTO daily_shop_sums VALUES ($1, 1, 4, 400, 0, 0, 0, 0, 0)', [day]);
    const { totals, days, shops, statuses } = await stats(`?from=${day}&to=${day}`);
    expect(totals).toMatchObject({ orders: 5, orders_cents: 500 });
    expect(days).toEqual([expect.objectContaining({ day, payment_method: 'pix', orders: 5 })]);
    expect(shops).toEqual([expect.objectContaining({ external_key: 'shop-1', orders: 4 })]);
    expect(statuses).toEqual([{ status: 'aprovado', orders: 5, orders_cents: 500 }]);
    expect((await stats(`?from=${day}&to=${day}&key=shop-2`))['totals']).toMatchObject({ orders: 3 });
    for (const table of ['daily_statistics', 'daily_shop_sums'])
      await database.query(`DELETE FROM ${table} WHERE day = $1`, [day]);
  });

  it.each([
    ['?from=2026-02-01&to=2026-01-01', 'to'],
    ['?from=2020-01-01&to=2026-01-01', 'from'],
    ['?from=today', 'from'],
    ['?shop=x', 'shop'],
  ])('the query %s is refused', async (query, field) => {
    const answer = await services[0]!.send('GET', `/admin/stats${query}`, { secretKey: SECRET_KEY });
    expect([answer.status, answer.body['errors']]).toEqual([400, [expect.objectContaining({ field })]]);
  });

  it('`as_of` is the time of the oldest change that is not counted', async () => {
    await counted();
    await database.query(
      "INSERT INTO statistics_queue (order_id, queued_at) SELECT 1, '2026-01-01' FROM generate_series(1, 50000)",
    );
    expect((await stats())['as_of']).toBe('2026-01-01T00:00:00.000Z');
    await counted();
  });

  it('the overview has the sums of today and what needs a person', async () => {
    await database.query(
      `INSERT INTO operations (kind, state, installation_id, order_id, sale, amount_cents, call_limit_seconds, sent_at)
       SELECT 'refund', 'unknown', installation_id, id, 'order:' || id, 5, 30, '2026-01-02T03:04:05'
       FROM orders WHERE installation_id = 2 ORDER BY id DESC LIMIT 1`,
    );
    await database.query(
      `WITH event AS (INSERT INTO webhook_events (event, event_type, payload, processed, error_message)
         VALUES ('OrderPaid', 'order', '{}', true, 'it never came') RETURNING id)
       INSERT INTO unapplied_webhook_events (event_id, reason) SELECT id, 'set_aside' FROM event`,
    );
    await database.query(
      'INSERT INTO credential_refusals (installation_id, refused_since) VALUES (2, now())',
    );
    await database.query(
      `INSERT INTO storefront_calls (installation_id, day, caller, calls) VALUES (2, now()::date, 'all', 1000000)`,
    );
    const { body } = await services[0]!.send('GET', '/admin/overview', { secretKey: SECRET_KEY });
    const { days, totals } = await stats();
    const today = dayOf(new Date());
    const orders = (days as { day: string; orders: number }[])
      .filter(({ day }) => day === today)
      .reduce((sum, row) => sum + row.orders, 0);
    expect(body).toEqual({
      environment: 'sandbox',
      as_of: expect.any(String) as string,
      today: expect.objectContaining({ orders }) as object,
      last_30_days: totals,
      attention: {
        unknown_operations: 1,
        oldest_unknown_at: '2026-01-02T03:04:05.000Z',
        paid_twice: 0,
        events_set_aside: 1,
        events_failing: 0,
        refused_credentials: 1,
        quota_nearly_used: 1,
        open_circuits: 0,
        open_shop_circuits: 0,
      },
    });
    const key = await services[0]!.send('POST', '/admin/keys', {
      secretKey: SECRET_KEY,
      body: { name: 'shop', scopes: ['read'], external_key: 'shop-1' },
    });
    const own = await services[0]!.send('GET', '/admin/overview', { secretKey: key.body['key'] as string });
    expect(own.body['last_30_days']).toEqual((await stats('?key=shop-1'))['totals']);
    expect(own.body['last_30_days']).not.toEqual(totals);
    expect(own.body['attention']).toMatchObject({
      unknown_operations: 0,
      oldest_unknown_at: null,
      events_set_aside: 0,
      refused_credentials: 0,
      quota_nearly_used: 0,
    });
  });
});
