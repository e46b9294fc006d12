import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { SimulatorControl } from '../simulator/control-client';
import { type RunningPostgres, startEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres';
import { runCommand } from './support/command';
import { eventually } from './support/eventually';
import type { Answer, RequestOptions } from './support/http';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { refusal, SESSION } from './support/session-sales';
import { cardPayment, CPF, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';
import { chargesByOrder } from './support/system';

const CLOSED = [503, 'closed_after_restoration'];
const SHOP = 'shop';
const MOVES_MONEY = /^POST .*\/(orders|refund-request|payments\/[a-z-]+)$/;

/** The orders that were sold before the backup. Ids at Appmax. */
interface Sold {
  readonly paidLater: number;
  /** Paid after the backup as well, and named by no request after the restore. */
  readonly quiet: number;
  readonly unpaid: number;
  readonly pix: number;
  readonly partlyRefunded: number;
  readonly refundedAtAppmax: number;
  readonly session: string;
}

/** The keys of requests that came after the backup, to repeat them, and the orders that it does not know. */
interface Lost {
  readonly payment: string;
  readonly sale: string;
  readonly refund: string;
  readonly orders: readonly number[];
}

describe('A backup that is restored', () => {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-drill-'));
  let simulator: TestSimulator;
  let control: SimulatorControl;
  let postgres: RunningPostgres;
  let service: TestService;
  let client: Client;
  let sold: Sold;
  let lost: Lost;

  /** Starts the embedded server of a directory, without fsync: the test deletes its data. */
  const startDatabase = async (name: string): Promise<void> => {
    postgres = await startEmbeddedPostgres({
      dataDirectory: join(directory, name),
      username: 'appmax',
      database: 'appmax_checkout',
      settings: { fsync: 'off' },
    });
    const { host, port, username: user, password } = postgres;
    client = new Client({ host, port, user, password, database: 'appmax_checkout' });
    await client.connect();
  };

  const stopDatabase = async (): Promise<void> => {
    await client.end();
    await postgres.stop();
  };

  const environment = (): Record<string, string> => ({
    ...simulator.environment,
    DB_CONNECTION: 'postgres',
    DB_HOST: postgres.host,
    DB_PORT: String(postgres.port),
    DB_DATABASE: 'appmax_checkout',
    DB_USERNAME: postgres.username,
    DB_PASSWORD: postgres.password,
    RUN_MIGRATIONS: 'true',
    APPMAX_ORDER_READ_INTERVAL: '1',
    APPMAX_BACKGROUND_PER_SECOND: '20',
  });

  const post = (path: string, body: unknown, key: string = randomUUID()): Promise<Answer> => {
    const options: RequestOptions = { body, secretKey: SECRET_KEY, headers: { 'idempotency-key': key } };
    return service.send('POST', `/checkout/${SHOP}/${path}`, options);
  };
  const orderOf = (answer: Answer): number => {
    expect([answer.status, answer.body['message']]).toEqual([200, undefined]);
    return answer.body['order_id'] as number;
  };
  const newOrder = async (): Promise<number> =>
    orderOf(await post('order', { customer: CUSTOMER, order: ORDER }));
  const payByCard = (orderId: number, key?: string): Promise<Answer> =>
    post('pay/credit-card', { order_id: orderId, payment: cardPayment() }, key);
  const sellAtOnce = (key?: string): Promise<Answer> =>
    post('pay/credit-card', { customer: CUSTOMER, order: ORDER, payment: cardPayment() }, key);
  const refundPart = (orderId: number, key?: string): Promise<Answer> =>
    post('refund', { order_id: orderId, type: 'partial', value: 1_000 }, key);
  const paySession = (session: string): Promise<Answer> =>
    service.send('POST', `/pay/${session}/pix`, {
      body: { document_number: CPF },
      headers: { 'idempotency-key': randomUUID() },
    });
  const statusOf = async (orderId: number): Promise<unknown> =>
    (await service.send('GET', `/checkout/${SHOP}/status/${orderId}`)).body['status'];
  const charges = async (orderId: number): Promise<number> =>
    (await chargesByOrder(control)).get(orderId) ?? 0;
  /** Counts what moves money at Appmax: the calls that were sent, and the charges that were made. */
  const moved = async (): Promise<object> => ({
    sent: Object.entries((await control.requests()).by_route).filter(([route]) => MOVES_MONEY.test(route)),
    charges: (await control.ledger()).filter(({ kind }) => kind === 'charge').length,
  });
  const restored = (...args: string[]) => runCommand('mark-restored', args, environment());

  /** Lets the time pass in which calls of the lost time may still have an effect. */
  const settle = async (): Promise<void> => {
    await client.query('UPDATE restorations SET readings_from = clock_timestamp()');
    await client.query('UPDATE order_refreshes SET next_at = now() WHERE next_at > now()');
  };

  const sellBeforeBackup = async (): Promise<Sold> => {
    const [paidLater, quiet, unpaid] = [await newOrder(), await newOrder(), await newOrder()];
    const pix = await newOrder();
    orderOf(await post('pay/pix', { order_id: pix, document_number: CPF }));
    const made = await post('sessions', { ...SESSION, customer: CUSTOMER });
    return {
      paidLater,
      quiet,
      unpaid,
      pix,
      partlyRefunded: orderOf(await sellAtOnce()),
      refundedAtAppmax: orderOf(await sellAtOnce()),
      session: made.body['id'] as string,
    };
  };

  const sellAfterBackup = async (): Promise<Lost> => {
    const keys = { payment: randomUUID(), sale: randomUUID(), refund: randomUUID() };
    orderOf(await payByCard(sold.paidLater, keys.payment));
    orderOf(await payByCard(sold.quiet));
    const sale = orderOf(await sellAtOnce(keys.sale));
    const session = orderOf(await paySession(sold.session));
    expect((await refundPart(sold.partlyRefunded, keys.refund)).status).toBe(200);
    await control.act(sold.pix, 'pay');
    await control.act(session, 'pay');
    await control.act(sold.refundedAtAppmax, 'refund');
    return { ...keys, orders: [sale, session] };
  };

  beforeAll(async () => {
    // PostgreSQL's user must reach it: for another directory, the server would choose a place of its own.
    chmodSync(directory, 0o755);
    [simulator] = await Promise.all([startSimulator(), startDatabase('first')]);
    control = new SimulatorControl(simulator.url);
    await control.change({ webhooks: false, rate_limits: false });
    service = await startService(environment());
    await install(service, simulator, SHOP);
    sold = await sellBeforeBackup();

    // The documented cold copy: of a directory whose server is stopped.
    await service.stop();
    const first = postgres.dataDirectory;
    await stopDatabase();
    await promisify(execFile)('cp', ['-a', first, join(directory, 'restored')]);
    await startDatabase('first');
    service = await startService(environment());
    lost = await sellAfterBackup();

    await service.stop();
    await stopDatabase();
    await startDatabase('restored');
    expect((await restored()).output).toContain('1 open checkout sessions would expire');
    expect(await restored('--confirm')).toMatchObject({ code: 0 });
    service = await startService(environment());
  }, 120_000);

  afterAll(async () => {
    await service.stop();
    await stopDatabase();
    await simulator.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('nothing that was paid after the backup is paid again, and no shopper is told that it was not paid', async () => {
    const before = await moved();
    expect(refusal(await payByCard(sold.paidLater, lost.payment))).toEqual([409, 'order_already_paid']);
    expect(refusal(await payByCard(sold.paidLater))).toEqual([409, 'order_already_paid']);
    expect(refusal(await payByCard(sold.pix))).toEqual([409, 'order_already_paid']);
    expect(refusal(await paySession(sold.session))).toEqual([409, 'session_expired']);

    // Appmax can't tell these: they wait for a person.
    expect(refusal(await sellAtOnce(lost.sale))).toEqual(CLOSED);
    expect(refusal(await post('order', { customer: CUSTOMER, order: ORDER }))).toEqual(CLOSED);
    expect(refusal(await refundPart(sold.partlyRefunded, lost.refund))).toEqual(CLOSED);
    expect(await moved()).toEqual(before);
  });

  it('an order that Appmax shows as unpaid is paid only after the calls of the lost time have ended', async () => {
    const key = randomUUID();
    const early = await payByCard(sold.unpaid, key);
    expect(refusal(early)).toEqual(CLOSED);
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await charges(sold.unpaid)).toBe(0);

    await settle();
    expect((await payByCard(sold.unpaid, key)).status).toBe(200);
    expect((await payByCard(sold.unpaid, key)).headers.get('idempotent-replayed')).toBe('true');
    expect(await charges(sold.unpaid)).toBe(1);
  });

  it('the sync makes every order of the backup right, without any request or webhook', async () => {
    await settle();
    await eventually(async () => {
      expect({
        quiet: await statusOf(sold.quiet),
        pix: await statusOf(sold.pix),
        refundedAtAppmax: await statusOf(sold.refundedAtAppmax),
      }).toEqual({ quiet: 'aprovado', pix: 'aprovado', refundedAtAppmax: 'estornado' });
    });
  });

  it('orders that the backup does not know are saved by their ids', async () => {
    const named = ['--shop', SHOP, '--order', lost.orders.join(',')];
    expect(await runCommand('reconcile-orders', named, environment())).toMatchObject({ code: 0 });
    for (const order of lost.orders) {
      expect(await statusOf(order)).toBe('aprovado');
      expect(refusal(await payByCard(order))).toEqual([409, 'order_already_paid']);
      expect(await charges(order)).toBeLessThanOrEqual(1);
    }
    const unknown = await runCommand('reconcile-orders', ['--shop', SHOP, '--order', '7'], environment());
    expect(unknown).toMatchObject({ code: 1, output: expect.stringContaining('does not know') as string });
  });

  it('after a person has reopened, orders are made and refunded again', async () => {
    await settle();
    expect((await restored('--reopen')).output).toContain('are open');
    const order = orderOf(await sellAtOnce());
    expect((await refundPart(order)).status).toBe(200);
    expect((await restored()).output).toContain('open again');
    expect((await restored('--reopen')).output).toContain('Nothing was closed');
    const { rows } = await client.query(
      "SELECT action, status FROM audit_log WHERE action LIKE 'database:%' ORDER BY id",
    );
    expect(rows).toEqual(
      ['confirm', 'reopen', 'reopen'].map((name) => ({ action: `database:restored --${name}`, status: 200 })),
    );
  });
});
