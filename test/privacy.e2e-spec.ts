import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatorControl } from '../simulator/control-client';
import { runCommand } from './support/command';
import { createDatabase, type TestDatabase } from './support/database';
import { dumpOf } from './support/dump';
import { eventually } from './support/eventually';
import type { Answer } from './support/http';
import { Receiver } from './support/receiver';
import { freePort } from './support/servers';
import { SECRET_KEY, type ServiceProcess, spawnService, startService } from './support/service';
import { cardPayment, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';
import { formsOf, placesOf, type Wanted } from './support/stored-places';

const SHOP = 'privacy-shop';
const APP_KEY = Buffer.alloc(32, 9);
const CPF = '39053344705';
const PERSON = {
  first_name: 'Zenaide',
  last_name: 'Canarinho',
  email: 'zenaide.canarinho@shopper.example',
  phone: '11971234589',
  document_number: CPF,
  address: {
    postcode: '01310100',
    street: 'Rua do Canário Amarelo',
    number: '1000',
    district: 'Bela Vista',
    city: 'São Paulo',
    state: 'SP',
  },
};
const HOLDER = { holder_name: 'ZENAIDE CANARINHO', holder_document_number: CPF };
/** The person's data, by which every column is searched. */
const OF_PERSON: Wanted = {
  name: formsOf('Canarinho'),
  'e-mail': formsOf(PERSON.email),
  phone: formsOf(PERSON.phone),
  document: formsOf(CPF, '390.533.447-05'),
  street: formsOf('Canário Amarelo'),
};

describe('The personal data of a shopper', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let control: SimulatorControl;
  let receiver: Receiver;
  let service: ServiceProcess;
  let environment: Record<string, string>;
  let orders: { card: number; pix: number; boleto: number };
  /** The person's data that is only known after the sales: codes, and the digest of the document. */
  let derived: Wanted;
  const outputs: string[] = [];

  const call = (path: string, body: object, key = `${CPF}-${randomUUID()}`): Promise<Answer> =>
    service.send('POST', path, { body, secretKey: SECRET_KEY, headers: { 'idempotency-key': key } });

  const succeed = async (path: string, body: object): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await call(path, body);
    expect([path, answer.status, answer.body['message']]).toEqual([path, 200, answer.body['message']]);
    return answer.body;
  };

  const webhook = (body: object): Promise<Answer> => service.send('POST', '/webhooks/appmax', { body });

  /** Runs a command for the person. */
  const run = async (
    name: 'export' | 'erase',
    ...args: string[]
  ): Promise<{ code: number | null; output: string }> => {
    const ended = await runCommand(`privacy/${name}-person`, args, environment);
    if (name === 'erase') outputs.push(ended.output);
    return ended;
  };

  const count = async (table: string, condition = 'true'): Promise<number> =>
    (
      await database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${table} WHERE ${condition}`,
      )
    )[0]!.count;

  /** Returns all rows of the tables that an erasure may change. */
  const contents = async (): Promise<string> => {
    const tables =
      'orders operations refund_reasons checkout_sessions webhook_events notifications erased_orders';
    const rows: object[] = [];
    for (const table of tables.split(' '))
      rows.push(await database.query<object>(`SELECT to_jsonb(t) AS row FROM ${table} t ORDER BY 1`));
    return JSON.stringify(rows);
  };

  beforeAll(async () => {
    [database, simulator, receiver] = await Promise.all([
      createDatabase(),
      startSimulator(),
      new Receiver().start(),
    ]);
    control = new SimulatorControl(simulator.url);
    await control.change({ rate_limits: false, app_store_envelope: true, customer_webhooks: true });
    environment = {
      ...database.environment,
      ...simulator.environment,
      APP_KEY: APP_KEY.toString('base64'),
      LOG_LEVEL: 'trace',
      NOTIFY_ALLOW_PRIVATE: 'on',
      NOTIFY_URL: receiver.url,
      NOTIFY_SECRET: `whsec_${Buffer.alloc(32, 3).toString('base64')}`,
      APPMAX_ORDER_READ_INTERVAL: '0',
      APPMAX_RATE_BURST: '1000',
      APPMAX_BACKGROUND_PER_SECOND: '100',
    };
    service = await spawnService(environment);
    await install(service, simulator, SHOP);
    await control.changeMerchant(SHOP, { webhook_url: `${service.url}/webhooks/appmax` });
    orders = await shop();
    await control.drainWebhooks();
    await eventually(async () => {
      expect(await count('webhook_attempts', 'next_attempt_at IS NOT NULL')).toBe(0);
      expect(await count('orders', "status = 'aprovado'")).toBe(4);
    });
    const [codes] = await database.query<{ emv: string; line: string; pdf: string; shop: string }>(
      `SELECT max(pix_emv) FILTER (WHERE appmax_order_id = $1) AS emv, max(installation_id) AS shop,
         max(boleto_digitavel) AS line, max(boleto_pdf_url) AS pdf FROM orders`,
      [orders.pix],
    );
    const digest = createHmac('sha256', APP_KEY).update(JSON.stringify(['payer', Number(codes!.shop), CPF]));
    derived = {
      codes: [codes!.emv, codes!.line, codes!.pdf],
      'keyed digest of the document': [digest.digest('hex')],
    };
  }, 60_000);

  afterAll(async () => {
    await service.stop();
    await Promise.all([simulator.stop(), receiver.stop(), database.drop()]);
  });

  /** Makes everything that can be stored of the person, and the same sale for somebody else. */
  const shop = async (): Promise<typeof orders> => {
    const session = {
      items: [{ ...ORDER.products[0], name: 'Camiseta' }],
      metadata: { gift: 'de Zenaide Canarinho' },
    };
    const made = await succeed(`/checkout/${SHOP}/sessions`, {
      ...session,
      customer: PERSON,
      reference: 'sale-1',
      success_url: `https://shop.example/thanks?email=${encodeURIComponent(PERSON.email)}`,
    });
    const { number, cvv, expiration_month, expiration_year } = cardPayment();
    const { token } = await succeed(`/checkout/${SHOP}/tokenize`, {
      ...{ number, cvv, expiration_month, expiration_year },
      holder_name: HOLDER.holder_name,
    });
    await succeed(`/pay/${String(made['id'])}/credit-card`, { payment: { ...HOLDER, token } });
    const [row] = await database.query<{ id: number }>('SELECT max(appmax_order_id) AS id FROM orders');
    const refund = { order_id: row!.id, type: 'partial', value: 500, reason: 'Zenaide Canarinho pediu' };
    await succeed(`/checkout/${SHOP}/refund`, refund);
    // A session that never got an order.
    await succeed(`/checkout/${SHOP}/sessions`, { ...session, customer: PERSON });
    const pix = await succeed(`/checkout/${SHOP}/pay/pix`, {
      customer: PERSON,
      order: ORDER,
      document_number: CPF,
    });
    await control.act(pix['order_id'] as number, 'pay');
    const boleto = await succeed(`/checkout/${SHOP}/pay/boleto`, {
      customer: PERSON,
      order: ORDER,
      document_number: CPF,
    });
    await control.act(boleto['order_id'] as number, 'pay');
    // Somebody else's order, paid with the person's card.
    await succeed(`/checkout/${SHOP}/pay/credit-card`, {
      customer: CUSTOMER,
      order: ORDER,
      payment: { ...cardPayment(), ...HOLDER },
    });
    await webhook({
      event: 'CustomerInterested',
      data: { id: 999_999, email: 'x@example.com', cpf: '390.533.447-05' },
    });
    return { card: row!.id, pix: pix['order_id'] as number, boleto: boleto['order_id'] as number };
  };

  it('personal data is where the documentation says, and in no log', async () => {
    const places = await placesOf(database, OF_PERSON);
    // Not more: what the session has of the customer is sealed.
    expect([...new Set(places.map((place) => place.split(':')[0]))]).toEqual([
      'checkout_sessions.metadata',
      'checkout_sessions.success_url',
      'idempotency_keys.response_body',
      'notifications.data',
      'refund_reasons.reason',
      'webhook_events.payload',
    ]);
    expect(places).toEqual(
      expect.arrayContaining(['webhook_events.payload: document', 'webhook_events.payload: e-mail']),
    );
    expect([...new Set((await placesOf(database, derived)).map((place) => place.split(':')[0]))]).toEqual([
      'idempotency_keys.response_body',
      'operations.payer_digest',
      'orders.boleto_digitavel',
      'orders.boleto_pdf_url',
      'orders.pix_emv',
      'webhook_events.payload',
    ]);
    const log = service.output().toLowerCase();
    expect(log.length).toBeGreaterThan(10_000);
    expect(
      Object.values(OF_PERSON)
        .flat()
        .filter((form) => log.includes(form.toLowerCase())),
    ).toEqual([]);
  });

  it('the export has everything of the person, and nothing of somebody else', async () => {
    const { code, output } = await run('export', '--document', '390.533.447-05');
    expect(code).toBe(0);
    const data = JSON.parse(output) as Record<string, readonly Record<string, unknown>[]>;
    expect(data['orders']!.map((order) => order['order_id'])).toEqual([
      orders.card,
      orders.pix,
      orders.boleto,
    ]);
    expect(data['orders']![0]).toMatchObject({
      shop: SHOP,
      operations: expect.arrayContaining([
        expect.objectContaining({ kind: 'refund', reason: 'Zenaide Canarinho pediu' }),
      ]) as unknown,
      audit_log: expect.arrayContaining([
        expect.objectContaining({ action: 'POST /checkout/:key/refund' }),
      ]) as unknown,
    });
    expect(data['checkout_sessions']!.map(({ customer }) => customer)).toEqual([
      expect.objectContaining({ email: PERSON.email }),
      expect.objectContaining({ email: PERSON.email }),
    ]);
    expect(data['webhook_events']!.filter(({ event }) => event === 'CustomerInterested')).toHaveLength(1);
    expect(data['webhook_events']!.length).toBeGreaterThan(3);
    expect(data['other_operations']).toHaveLength(1);
    expect(output).not.toContain(CUSTOMER.email);
  });

  it('nothing is erased while an outcome is unknown or a code is open, and the command says what to do', async () => {
    const kept = `CREATE TEMPORARY TABLE kept AS SELECT id, state, settled_at, code_expires_at FROM operations`;
    await database.query(kept);
    await database.query("UPDATE operations SET state = 'unknown', settled_at = NULL WHERE kind = 'pix'");
    const boleto = [orders.boleto];
    await database.query('ALTER TABLE orders DISABLE TRIGGER USER');
    await database.query("UPDATE orders SET status = 'pendente' WHERE appmax_order_id = $1", boleto);
    const full = await contents();
    const { code, output } = await run('erase', '--document', CPF, '--confirm');
    expect([code, output]).toEqual([1, expect.stringContaining('settle it with POST /admin/operations/')]);
    expect(output).toContain('its code can be paid until');
    expect(await contents()).toBe(full);
    await database.query("UPDATE orders SET status = 'aprovado' WHERE appmax_order_id = $1", boleto);
    await database.query('ALTER TABLE orders ENABLE TRIGGER USER');
    await database.query(
      'UPDATE operations p SET state = k.state, settled_at = k.settled_at FROM kept k WHERE k.id = p.id',
    );
  });

  it('a dry run shows what would be erased, changes nothing, and is audited', async () => {
    const full = await contents();
    const { code, output } = await run('erase', '--email', PERSON.email.toUpperCase());
    expect([code, output]).toEqual([0, expect.stringContaining('Dry run: nothing was erased')]);
    // The e-mail address is in the sessions; the other orders are known by the document alone.
    expect(output).toContain(`1 orders: ${orders.card} (${SHOP})`);
    expect(output).toContain('2 checkout sessions');
    expect(await contents()).toBe(full);
    expect(await count('audit_log', "action = 'privacy:erase (dry run)'")).toBe(1);
  });

  /** Returns what of the person a dump has. */
  const inDump = async (): Promise<string[]> => {
    const dump = (await dumpOf(database)).toLowerCase();
    expect(dump).toContain(CUSTOMER.email);
    return Object.entries({ ...OF_PERSON, ...derived })
      .filter(([, forms]) => forms.some((form) => dump.includes(form.toLowerCase())))
      .map(([name]) => name);
  };

  it('after the erasure nothing of the person is left, except what is listed, and sums stay', async () => {
    // So that PostgreSQL has samples of the values in its statistics, as after a while.
    await database.query('ANALYZE');
    const inStatistics =
      "SELECT 1 FROM pg_stats WHERE concat(most_common_vals::text, histogram_bounds::text) ~* 'canarinho'";
    expect((await database.query(inStatistics)).length).toBeGreaterThan(0);
    // The dump has what the columns have: the search in it finds something.
    const stored = await placesOf(database, { ...OF_PERSON, ...derived });
    expect(new Set(await inDump())).toEqual(new Set(stored.map((place) => place.split(': ')[1])));
    const [sums] = await database.query('SELECT sum(total_cents) AS total, count(*) AS count FROM orders');
    const { code, output } = await run('erase', '--document', CPF, '--confirm');
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/Erased: 3 orders, 2 checkout sessions, \d+ webhook/),
    ]);
    expect(await placesOf(database, OF_PERSON)).toEqual([]);
    // The answers of idempotency keys stay until the keys expire: without them a repeat could pay again.
    expect(await placesOf(database, derived)).toEqual(['idempotency_keys.response_body: codes']);
    expect(await inDump()).toEqual(['codes']);
    expect(await database.query('SELECT sum(total_cents) AS total, count(*) AS count FROM orders')).toEqual([
      sums,
    ]);
    expect(
      await count('audit_log', `action = 'privacy:erase' AND subject_id = ${orders.card} AND status = 200`),
    ).toBe(1);
    expect(await count('webhook_events', `payload::text LIKE '%${CUSTOMER.email}%'`)).toBeGreaterThan(0);
    const status = await service.send('GET', `/checkout/${SHOP}/status/${orders.pix}`);
    expect([status.status, status.body['status']]).toEqual([200, 'aprovado']);
  });

  it('a second erasure finds nothing, and removes the answers of keys that have expired meanwhile', async () => {
    await database.query("UPDATE idempotency_keys SET expires_at = now() - interval '1 minute'");
    const args = (
      await database.query<{ id: number }>(
        'SELECT DISTINCT appmax_customer_id AS id FROM orders o JOIN erased_orders x ON x.order_id = o.id',
      )
    ).flatMap(({ id }) => ['--customer', String(id)]);
    const { code, output } = await run('erase', ...args, '--confirm');
    expect([code, output]).toEqual([0, expect.stringContaining('0 webhook events, 0 other operations')]);
    expect(await placesOf(database, { ...OF_PERSON, ...derived })).toEqual([]);
    expect(await inDump()).toEqual([]);
  });

  it('payments of orders that are being erased do not fail, and nothing of the person comes back', async () => {
    const other = { ...PERSON, document_number: '11144477735', email: 'ze@shopper.example' };
    const names: Wanted = { document: formsOf('11144477735'), 'e-mail': formsOf(other.email) };
    const [installation] = await database.query<{ id: string }>('SELECT id FROM installations');
    const payer = ['payer', Number(installation!.id), other.document_number];
    const digest = createHmac('sha256', APP_KEY).update(JSON.stringify(payer)).digest('hex');
    const made: number[] = [];
    for (let order = 0; order < 12; order += 1) {
      const body = await succeed(`/checkout/${SHOP}/order`, { customer: other, order: ORDER });
      made.push(body['order_id'] as number);
    }
    expect(await placesOf(database, { digest: [digest] })).toEqual(['operations.payer_digest: digest']);
    await control.addFault({
      kind: 'drip',
      when: 'after',
      route: 'POST /v1/payments/credit-card',
      seconds: 0.4,
      pieces: 1,
      times: null,
    });
    const erase = () => run('erase', '--document', other.document_number, '--confirm');
    const erasing = erase();
    // The erasure begins about a second after its process: payments begin before, while and after it runs.
    const payments = made.map(async (order_id, index) => {
      await sleep(index * 200);
      const payment = { ...cardPayment(), holder_name: 'ZE', holder_document_number: other.document_number };
      return call(`/checkout/${SHOP}/pay/credit-card`, { order_id, payment }, randomUUID());
    });
    expect((await Promise.all(payments)).map(({ status }) => status)).toEqual(made.map(() => 200));
    expect([0, 1]).toContain((await erasing).code);
    await control.clearFaults();
    await control.drainWebhooks();
    await eventually(async () => {
      expect(await count('webhook_attempts', 'next_attempt_at IS NOT NULL')).toBe(0);
    });
    const [row] = await database.query<{ id: number }>(
      'SELECT appmax_customer_id AS id FROM orders WHERE appmax_order_id = $1',
      [made[0]],
    );
    const last = await run(
      'erase',
      '--document',
      other.document_number,
      '--customer',
      String(row!.id),
      '--confirm',
    );
    expect([last.code, last.output]).toEqual([0, expect.stringContaining('Erased: ')]);
    expect(await placesOf(database, { ...names, digest: [digest] })).toEqual([]);
    const orders = await database.query(
      'SELECT 1 FROM orders WHERE status = $1 AND appmax_order_id = ANY($2)',
      ['aprovado', made],
    );
    expect(orders).toHaveLength(made.length);
  }, 40_000);

  it('a webhook that comes after the erasure is reduced in the background', async () => {
    const late = {
      event: 'OrderIntegrated',
      data: { order_id: orders.card, status: 'integrado', customer: PERSON },
    };
    expect((await webhook(late)).status).toBe(200);
    expect((await placesOf(database, OF_PERSON)).length).toBeGreaterThan(0);
    await database.query("UPDATE webhook_events SET created_at = created_at - interval '2 minutes'");
    // An instance begins with a round of retention.
    const other = await startService({
      ...environment,
      LOG_LEVEL: 'silent',
      APP_PORT: String(await freePort()),
    });
    try {
      await eventually(async () => {
        expect(await placesOf(database, OF_PERSON)).toEqual([]);
      });
      const [event] = await database.query<{ payload: object }>(
        "SELECT payload FROM webhook_events WHERE event = 'OrderIntegrated'",
      );
      expect(event!.payload).toMatchObject({
        event: 'OrderIntegrated',
        data: { order_id: orders.card },
        reduced: true,
      });
    } finally {
      await other.stop();
    }
  });

  it('no log and no output of the erasures has personal data', () => {
    const text = [service.output(), ...outputs].join('\n').toLowerCase();
    expect(outputs.length).toBeGreaterThan(3);
    expect(
      Object.values(OF_PERSON)
        .flat()
        .filter((form) => text.includes(form.toLowerCase())),
    ).toEqual([]);
  });
});
