import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { ORDER_STATUSES } from '../src/appmax/order-status';
import { isPaid } from '../src/orders/status/status-rules';
import { openStream } from './support/event-stream';
import { eventually } from './support/eventually';
import { freePort, stopChild } from './support/servers';
import { SECRET_KEY, spawnService } from './support/service';
import { HOLDER, ITEMS, refusal, SESSION, sessionSales, TOTAL } from './support/session-sales';
import { CPF, CUSTOMER, install } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

describe('Checkout sessions, on two services with one database', () => {
  let system: TestSystem;
  const { shop, make, page, token, payByCard, stateOf, ordersOf, charges } = sessionSales(() => system);

  beforeAll(async () => {
    system = await startSystem();
    await install(system.services[0], system.simulator, 'other-shop');
  });

  afterEach(async () => {
    await system.control.clearFaults();
  });

  afterAll(async () => {
    await system.stop();
  });

  /** Lets the Pix of an order expire, so long ago that no payment can show up late. */
  const expirePix = async (orderId: number): Promise<void> => {
    await system.control.act(orderId, 'expire');
    await system.database.query(
      `UPDATE operations SET code_expires_at = clock_timestamp() - interval '1 hour'
       WHERE kind = 'pix' AND order_id = (SELECT id FROM orders WHERE appmax_order_id = $1)`,
      [orderId],
    );
  };

  describe('for the shop', () => {
    it('a session has the amounts of its items and a link that can not be guessed', async () => {
      const { status, body } = await shop('POST', '', { ...SESSION, metadata: { cart: 'c-1' } });
      expect([status, body]).toEqual([
        200,
        {
          id: expect.stringMatching(/^cs_[\w-]{43}$/) as string,
          url: expect.stringMatching(/\/pay\/cs_[\w-]{43}$/) as string,
          status: 'open',
          total_value: TOTAL,
          expires_at: expect.any(String) as string,
          created_at: expect.any(String) as string,
          metadata: { cart: 'c-1' },
        },
      ]);
      const lifetime = Date.parse(body['expires_at'] as string) - Date.parse(body['created_at'] as string);
      expect(Math.round(lifetime / 60_000)).toBe(1440);
      expect((await shop('GET', `/${String(body['id'])}`)).body).toEqual(body);
    });

    it('the same reference answers the first session, and another body is refused', async () => {
      const body = { ...SESSION, reference: 'order-1', metadata: { b: '2', a: '1' } };
      const answers = await Promise.all(
        [body, { ...body, metadata: { a: '1', b: '2' } }, body].map((each) => shop('POST', '', each)),
      );
      expect(new Set(answers.map((answer) => answer.body['id'])).size).toBe(1);
      expect(refusal(await shop('POST', '', { ...body, shipping_value: 1 }))).toEqual([
        409,
        'reference_already_used',
      ]);
      const others = await shop('POST', '', { ...body, shipping_value: 1 }, 'other-shop');
      expect(others.status).toBe(200);
      expect((await shop('GET', '?reference=order-1')).body['data']).toHaveLength(1);
    });

    it.each<[string, object, string]>([
      ['an amount below one cent', { discount_value: TOTAL + 500 }, 'items'],
      ['an address without https', { success_url: 'http://shop.example.com' }, 'success_url'],
      ['an address that runs a script', { cancel_url: 'javascript:alert(1)' }, 'cancel_url'],
      ['no item', { items: [] }, 'items'],
      ['an unknown method', { methods: ['cash'] }, 'methods'],
      ['a text that PostgreSQL does not store', { metadata: { a: '\u0000' } }, 'metadata'],
    ])('a session is refused with %s', async (_, change, field) => {
      const { status, body } = await shop('POST', '', { ...SESSION, ...change });
      expect([status, (body['errors'] as { field: string }[])[0]?.field]).toEqual([400, field]);
    });

    it("a session of another shop can't be read or expired", async () => {
      const session = await make();
      for (const [method, path] of [
        ['GET', ''],
        ['POST', '/expire'],
      ] as const)
        expect(refusal(await shop(method, `/${session}${path}`, undefined, 'other-shop'))).toEqual([
          404,
          'session_not_found',
        ]);
    });

    it('personal data is stored only sealed', async () => {
      const session = await make();
      const rows = await system.database.query(
        'SELECT to_jsonb(s)::text AS row FROM checkout_sessions s WHERE public_id = $1',
        [session],
      );
      for (const value of Object.values(CUSTOMER)) expect(JSON.stringify(rows)).not.toContain(value);
    });

    it('the trigger on orders knows every paid status', async () => {
      const [row] = await system.database.query<{ definition: string }>(
        "SELECT pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE tgname = 'orders_record_session_payment'",
      );
      const named = [...(row?.definition ?? '').matchAll(/'([a-z_]+)'/g)].map(([, status]) => status);
      expect(named.sort()).toEqual(ORDER_STATUSES.filter((status) => isPaid(status)).sort());
    });
  });

  describe('for the page', () => {
    it('the page sees the sale and masked personal data only', async () => {
      const session = await make({ success_url: 'https://shop.example.com/thanks?a=1' });
      const { body, text } = await page('GET', session, 'view');
      expect(body).toMatchObject({
        status: 'open',
        total_value: TOTAL,
        products_value: 14990,
        items: [{ name: 'Camiseta', quantity: 2, unit_value: 7495 }],
        missing_fields: [],
        success_url: `https://shop.example.com/thanks?a=1&session_id=${session}`,
        card: { environment: expect.any(String) as string },
      });
      for (const value of [CUSTOMER.email, CUSTOMER.phone, CPF]) expect(text).not.toContain(value);
    });

    it('the page is told which fields are missing, and a payment without them is refused', async () => {
      const session = await make({ customer: { first_name: 'Marina' } });
      const missing = ['last_name', 'email', 'phone', 'document_number'];
      expect((await page('GET', session, 'view')).body['missing_fields']).toEqual(missing);
      const refused = await page('POST', session, 'pix', {});
      expect([
        refused.status,
        (refused.body['errors'] as { field: string }[]).map(({ field }) => field),
      ]).toEqual([400, missing.map((name) => `customer.${name}`)]);
      const paid = await page('POST', session, 'pix', { customer: { ...CUSTOMER, first_name: 'Other' } });
      expect(paid.status).toBe(200);
      expect((await page('GET', session, 'view')).body['missing_fields']).toEqual([]);
    });

    it.each([
      ['an id that is not known', `cs_${'a'.repeat(43)}`],
      ['a malformed id', 'cs_1'],
    ])('there is no session for %s', async (_, id) => {
      expect(refusal(await page('GET', id, 'view'))).toEqual([404, 'session_not_found']);
      expect(refusal(await page('POST', id, 'pix', {}))).toEqual([404, 'session_not_found']);
    });

    it('a method that the session does not allow is refused', async () => {
      const session = await make({ methods: ['pix'] });
      expect(refusal(await payByCard(session))).toEqual([400, 'payment_method_not_allowed']);
      expect((await page('GET', session, 'view')).body['card']).toBeUndefined();
    });

    it('amounts that the browser sends are ignored', async () => {
      const session = await make();
      const payment = { ...HOLDER, token: await token(), value: 1 };
      const lower = { payment: { ...payment, total_value: 1 } };
      expect(refusal(await page('POST', session, 'credit-card', lower))).toEqual([409, 'price_changed']);
      const body = { payment, order: { products_value: 1 }, items: [], total_value: 1 };
      expect((await page('POST', session, 'credit-card', body)).body).toMatchObject({ total_value: TOTAL });
      const [order] = await ordersOf(session);
      expect((await system.control.ledger(order)).map(({ cents }) => cents)).toEqual([TOTAL]);
    });
  });

  describe('payments', () => {
    it('a card completes the session, and no further payment is taken', async () => {
      const session = await make();
      const paid = await payByCard(session);
      expect([paid.status, paid.body['status']]).toEqual([200, 'aprovado']);
      expect(await stateOf(session)).toMatchObject({
        status: 'completed',
        order_status: 'aprovado',
        payment_method: 'credit_card',
      });
      expect(refusal(await payByCard(session))).toEqual([409, 'session_completed']);
      expect(refusal(await page('POST', session, 'pix', {}))).toEqual([409, 'session_completed']);
      expect(refusal(await shop('POST', `/${session}/expire`))).toEqual([409, 'session_completed']);
      expect(await charges(session)).toBe(1);
    });

    it('a Pix completes the session when Appmax says so, and its stream tells it', async () => {
      const session = await make();
      expect((await page('GET', session, 'stream')).status).toBe(404);
      const pix = await page('POST', session, 'pix', {});
      expect(pix.body).toMatchObject({
        emv: expect.any(String) as string,
        expires_at: expect.any(String) as string,
      });
      const again = await page('POST', session, 'pix', {}, { instance: 1 });
      expect(again.body).toEqual(pix.body);
      expect((await page('GET', session, 'view')).body['pix']).toMatchObject({ emv: pix.body['emv'] });
      expect(await stateOf(session)).toMatchObject({ status: 'open', payment_method: 'pix' });
      const stream = await openStream(`${system.services[1].url}/pay/${session}/stream`);
      const orderId = pix.body['order_id'] as number;
      await system.control.act(orderId, 'pay');
      await system.services[0].send('POST', `/admin/orders/${orderId}/refresh`, { secretKey: SECRET_KEY });
      await eventually(() => {
        expect(stream.events.map(({ status }) => status)).toContain('aprovado');
        return Promise.resolve();
      });
      stream.close();
      expect(await stateOf(session)).toMatchObject({ status: 'completed', order_status: 'aprovado' });
    });

    it('parcels with interest are charged by their true total, by another order', async () => {
      const session = await make();
      await page('POST', session, 'boleto', {});
      expect(refusal(await payByCard(session, 3))).toEqual([409, 'payment_in_progress']);
      const other = await make();
      const prices = (await page('GET', other, 'installments')).body as unknown as { total_value: number }[];
      const paid = await payByCard(other, 3);
      expect(paid.body['total_value']).toBe(prices[2]!.total_value);
      expect(prices[2]!.total_value).toBeGreaterThan(TOTAL);
      const [order] = await ordersOf(other);
      expect((await system.control.ledger(order)).map(({ cents }) => cents)).toEqual([
        prices[2]!.total_value,
      ]);
      expect(refusal(await payByCard(await make({ max_installments: 2 }), 3))).toEqual([
        400,
        'invalid_request_body',
      ]);
    });

    it('an open Pix blocks parcels with interest; an expired one is replaced, and its order takes no payment', async () => {
      const session = await make();
      const first = (await page('POST', session, 'pix', {})).body['order_id'] as number;
      expect(refusal(await payByCard(session, 6))).toEqual([409, 'payment_in_progress']);
      await expirePix(first);
      const declined = await page('POST', session, 'credit-card', {
        payment: { ...HOLDER, token: await token('4000000000000002'), installments: 6 },
      });
      expect(declined.status).toBe(422);
      expect(await ordersOf(session)).toEqual([first, declined.body['order_id']]);
      const body = { order_id: first, document_number: CPF };
      const late = await system.services[1].send('POST', `/checkout/${system.key}/pay/pix`, { body });
      expect(refusal(late)).toEqual([404, 'order_not_found']);
      expect((await payByCard(session, 6)).status).toBe(200);
      expect(await charges(session)).toBe(1);
      const [live] = await system.database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM session_orders so JOIN checkout_sessions s ON s.id = so.session_id
         WHERE s.public_id = $1 AND so.is_live`,
        [session],
      );
      expect(live?.count).toBe(1);
    });

    it('an order is not replaced while a reading could still miss the payment of its expired Pix', async () => {
      const session = await make();
      const order = (await page('POST', session, 'pix', {})).body['order_id'] as number;
      await expirePix(order);
      await system.database.query(
        `UPDATE operations SET code_expires_at = clock_timestamp() - interval '2 seconds'
         WHERE kind = 'pix' AND order_id = (SELECT id FROM orders WHERE appmax_order_id = $1)`,
        [order],
      );
      expect(refusal(await payByCard(session, 6))).toEqual([409, 'payment_in_progress']);
    });

    it('a Pix that was paid before its expiry keeps its order from being replaced', async () => {
      const session = await make();
      const order = (await page('POST', session, 'pix', {})).body['order_id'] as number;
      await system.control.act(order, 'pay');
      await system.database.query(
        `UPDATE operations SET code_expires_at = clock_timestamp() - interval '1 hour'
         WHERE kind = 'pix' AND order_id = (SELECT id FROM orders WHERE appmax_order_id = $1)`,
        [order],
      );
      expect(refusal(await payByCard(session, 6))).toEqual([409, 'order_already_paid']);
      expect(await stateOf(session)).toMatchObject({ status: 'completed' });
      expect(await ordersOf(session)).toEqual([order]);
    });

    it('many payments at once, by several methods and totals on two instances, charge a session once', async () => {
      for (let round = 0; round < 4; round += 1) {
        const session = await make();
        const answers = await Promise.all([
          payByCard(session, 1),
          payByCard(session, 6, { instance: 1 }),
          payByCard(session, 3),
          page('POST', session, 'pix', {}, { instance: 1 }),
          payByCard(session, 1, { instance: 1 }),
          page('POST', session, 'boleto', {}),
        ]);
        // A refusal of a paid order has its status as well.
        const charged = answers.filter(
          ({ status, body }) => status === 200 && body['status'] === 'aprovado',
        ).length;
        expect(answers.map(({ status }) => status).filter((status) => ![200, 409].includes(status))).toEqual(
          [],
        );
        expect(charged).toBeLessThanOrEqual(1);
        expect(await charges(session)).toBe(charged);
      }
    }, 120_000);

    it('a repeat with the same key gets its own outcome, also after the session has ended', async () => {
      const session = await make();
      await system.control.addFault({ kind: 'reset', route: 'POST /v1/payments/credit-card', when: 'after' });
      await system.control.addFault({
        kind: 'status',
        status: 503,
        route: 'GET /v1/orders/:id',
        times: null,
      });
      const key = randomUUID();
      const body = { payment: { ...HOLDER, token: await token() } };
      const lost = await page('POST', session, 'credit-card', body, { key });
      expect(refusal(lost)).toEqual([502, 'payment_outcome_unknown']);
      expect(refusal(await page('POST', session, 'pix', {}))).toEqual([409, 'payment_in_progress']);
      await shop('POST', `/${session}/expire`);
      await system.control.clearFaults();
      await eventually(async () => {
        expect(await stateOf(session)).toMatchObject({ status: 'completed' });
      }, 60);
      const repeated = await page('POST', session, 'credit-card', body, { key, instance: 1 });
      expect([repeated.status, repeated.body['status']]).toEqual([200, 'aprovado']);
      expect(await charges(session)).toBe(1);
    }, 120_000);

    it('an expired session takes no payment, by any route', async () => {
      const session = await make();
      const order = (await page('POST', session, 'pix', {})).body['order_id'] as number;
      expect((await shop('POST', `/${session}/expire`)).body['status']).toBe('expired');
      expect(refusal(await payByCard(session))).toEqual([409, 'session_expired']);
      const body = { order_id: order, payment: { ...HOLDER, token: await token() }, customer_id: 0 };
      const storefront = await system.services[1].send('POST', `/checkout/${system.key}/pay/credit-card`, {
        body: { ...body, customer_id: (await system.control.order(order)).customer_id },
      });
      expect(refusal(storefront)).toEqual([404, 'order_not_found']);
      // The Pix from before is followed to its end.
      await system.control.act(order, 'pay');
      await system.services[0].send('POST', `/admin/orders/${order}/refresh`, { secretKey: SECRET_KEY });
      expect(await stateOf(session)).toMatchObject({ status: 'completed' });
    });

    it.each<[string, string, unknown[]]>([
      [
        'whose session expires',
        'UPDATE checkout_sessions SET expired_at = clock_timestamp() WHERE public_id = $1',
        [409, 'session_expired'],
      ],
      [
        'that is replaced',
        `UPDATE session_orders SET is_live = FALSE, closed_at = clock_timestamp()
         WHERE session_id = (SELECT id FROM checkout_sessions WHERE public_id = $1)`,
        // The session makes another order, and pays that.
        [200, undefined],
      ],
    ])(
      'a payment of an order %s between its decision and its fence is not sent',
      async (_, statement, answer) => {
        const session = await make();
        const body = { customer: CUSTOMER, order: { products_value: TOTAL, products: ITEMS } };
        const made = await system.services[0].send('POST', `/checkout/${system.key}/order`, { body });
        const order = made.body['order_id'] as number;
        await system.database.query(
          `INSERT INTO session_orders (order_id, session_id, total_cents, is_live)
         SELECT o.id, s.id, s.total_cents, TRUE FROM orders o, checkout_sessions s
         WHERE o.appmax_order_id = $1 AND s.public_id = $2`,
          [order, session],
        );
        const { DB_HOST, DB_PORT, DB_DATABASE, DB_USERNAME, DB_PASSWORD } = system.database.environment;
        const client = new Client({
          host: DB_HOST,
          port: Number(DB_PORT),
          database: DB_DATABASE,
          user: DB_USERNAME,
          password: DB_PASSWORD,
        });
        await client.connect();
        await client.query('BEGIN');
        await client.query(
          `SELECT 1 FROM operations WHERE order_id = (SELECT id FROM orders WHERE appmax_order_id = $1) FOR UPDATE`,
          [order],
        );
        const paying = payByCard(session);
        // The fence waits for the locks of the sale.
        await eventually(async () => {
          const waiting = await system.database.query(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%fenced AS%'",
          );
          expect(waiting).toHaveLength(1);
        });
        await client.query(statement, [session]);
        await client.query('COMMIT');
        await client.end();
        expect(refusal(await paying)).toEqual(answer);
        expect(await system.control.ledger(order)).toEqual([]);
        expect(await charges(session)).toBe(answer[0] === 200 ? 1 : 0);
      },
    );

    it('the sweep records expired sessions, and flags a session that was paid by two orders', async () => {
      const session = await make();
      const first = (await page('POST', session, 'pix', {})).body['order_id'] as number;
      await expirePix(first);
      expect((await payByCard(session, 6)).status).toBe(200);
      await system.control.act(first, 'set-status', { status: 'aprovado' });
      await system.services[0].send('POST', `/admin/orders/${first}/refresh`, { secretKey: SECRET_KEY });
      await system.database.query(
        "UPDATE checkout_sessions SET expires_at = clock_timestamp() - interval '1 second' WHERE public_id = $1",
        [session],
      );
      const unpaid = await make();
      await system.database.query(
        "UPDATE checkout_sessions SET expires_at = clock_timestamp() - interval '1 second' WHERE public_id = $1",
        [unpaid],
      );
      await eventually(async () => {
        const flagged = await system.database.query(
          `SELECT 1 FROM operations p JOIN orders o ON o.id = p.order_id
           WHERE o.appmax_order_id = $1 AND p.paid_twice_at IS NOT NULL`,
          [first],
        );
        const swept = await system.database.query<{ public_id: string; is_expired: boolean }>(
          'SELECT public_id, expired_at IS NOT NULL AS is_expired FROM checkout_sessions WHERE swept_at IS NOT NULL',
        );
        expect(flagged).toHaveLength(1);
        expect(swept).toEqual(
          expect.arrayContaining([
            { public_id: session, is_expired: false },
            { public_id: unpaid, is_expired: true },
          ]),
        );
      }, 30);
      expect(await stateOf(session)).toMatchObject({ status: 'completed', payment_method: 'credit_card' });
    }, 60_000);

    it('a process that is killed between the order and its payment leaves a session that can be paid once', async () => {
      const session = await make();
      const service = await spawnService({ ...system.environment, APP_PORT: String(await freePort()) });
      await system.control.addFault({
        kind: 'hang',
        seconds: 60,
        route: 'POST /v1/payments/credit-card',
        when: 'before',
      });
      const key = randomUUID();
      const body = { payment: { ...HOLDER, token: await token() } };
      const options = { body, headers: { 'idempotency-key': key } };
      const cut = service.send('POST', `/pay/${session}/credit-card`, options).catch(() => undefined);
      await eventually(async () => {
        expect(await ordersOf(session)).toHaveLength(1);
      });
      await stopChild(service.child, 'SIGKILL');
      await cut;
      await system.control.clearFaults();
      await eventually(async () => {
        expect((await payByCard(session)).status).toBe(200);
      }, 60);
      expect(await ordersOf(session)).toHaveLength(1);
      expect(await charges(session)).toBe(1);
      expect((await page('POST', session, 'credit-card', body, { key })).status).not.toBe(200);
      expect(await charges(session)).toBe(1);
    }, 120_000);
  });
});
