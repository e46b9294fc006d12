import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { parseConfig } from '../src/config/config';
import { clientConfig, dataSourceOptions } from '../src/database/data-source-options';
import { PooledClient } from '../src/database/pool/pooled-client';
import { Primary, type ServerAddress } from '../src/database/pool/primary';
import { eventually } from './support/eventually';
import { CARD } from './support/money';
import { type PostgresPair, startPostgresPair } from './support/postgres-pair';
import { baseEnvironment, SECRET_KEY } from './support/service';
import { cardPayment, CUSTOMER, ORDER } from './support/shop';
import { chargesByOrder, startSystem, type TestSystem } from './support/system';

const SELLERS = 6;
/** The time without a primary: longer than the answers of Appmax that are on their way take. */
const OUTAGE_MILLISECONDS = 1_500;
/** Answers after which a client repeats its request with the same key. */
const REPEATED = [409, 502, 503];

/** One purchase of a shopper: its answers, and the order that the last one names. */
interface Purchase {
  readonly sku: string;
  readonly statuses: number[];
  readonly messages: unknown[];
  readonly orderId: number;
  readonly status: unknown;
}

describe('A PostgreSQL primary that crashes', () => {
  let pair: PostgresPair;
  let system: TestSystem;

  beforeAll(async () => {
    pair = await startPostgresPair();
    system = await startSystem({ PAYMENT_SETTLE_SECONDS: '5' }, pair.database);
  });

  afterAll(async () => {
    await system.stop();
  });

  /** Buys by card, on any instance; repeats the request with its key until it has a final answer. */
  const buy = async (first: number): Promise<Purchase> => {
    const sku = randomUUID();
    const options = {
      body: {
        customer: CUSTOMER,
        order: { ...ORDER, products: [{ ...ORDER.products[0]!, sku }] },
        payment: cardPayment(),
      },
      headers: { 'idempotency-key': randomUUID() },
    };
    const statuses: number[] = [];
    const messages: unknown[] = [];
    for (let attempt = 0; ; attempt += 1) {
      const service = system.services[(first + attempt) % 2]!;
      const { status, body } = await service.send('POST', `/checkout/${system.key}/pay/credit-card`, options);
      statuses.push(status);
      messages.push(body['message']);
      if (!REPEATED.includes(status))
        return { sku, statuses, messages, orderId: body['order_id'] as number, status: body['status'] };
      await sleep(250);
    }
  };

  const countOf = async (where: string): Promise<number> => {
    const [row] = await pair.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM operations WHERE ${where}`,
    );
    return row!.count;
  };

  it('purchases go on with the new primary: each one is charged once, and its shopper is told so', async () => {
    // Charges are made at once; their answers take a while, so that some are on their way during the crash.
    await system.control.addFault({ kind: 'drip', seconds: 0.5, when: 'after', route: CARD, times: null });
    const purchases: Purchase[] = [];
    const progress = { isOver: false };
    const sellers = Array.from({ length: SELLERS }, async (_, index) => {
      while (!progress.isOver) purchases.push(await buy(index));
    });
    await eventually(async () => {
      expect(purchases.length).toBeGreaterThanOrEqual(SELLERS);
      expect(await countOf("state = 'sent' AND kind = 'credit_card'")).toBeGreaterThanOrEqual(2);
    });
    pair.crashPrimary();
    await sleep(OUTAGE_MILLISECONDS);
    await pair.promoteStandby();
    const before = purchases.length;
    await eventually(() => {
      expect(purchases.length).toBeGreaterThanOrEqual(before + SELLERS);
      return Promise.resolve();
    });
    progress.isOver = true;
    await Promise.all(sellers);
    await eventually(async () => {
      expect(await countOf('settled_at IS NULL')).toBe(0);
    }, 40);

    // The crash was met by payments before they were sent, and by some that were sent.
    const messages = purchases.flatMap((each) => each.messages);
    expect(messages).toContain('payment outcome unknown');
    expect(messages).toContain('service temporarily unavailable: try again later');
    expect(
      purchases.filter(({ statuses, status }) => statuses.at(-1) !== 200 || status !== 'aprovado'),
    ).toEqual([]);

    const charges = await chargesByOrder(system.control);
    const chargesBySku: Record<string, number> = {};
    for (const { id, products } of await system.control.orders({ limit: 1_000 })) {
      const { sku } = products[0]!;
      chargesBySku[sku] = (chargesBySku[sku] ?? 0) + (charges.get(id) ?? 0);
    }
    for (const { sku, orderId } of purchases)
      expect([sku, chargesBySku[sku], charges.get(orderId)]).toEqual([sku, 1, 1]);
    expect([...charges.values()].reduce((sum, each) => sum + each, 0)).toBe(purchases.length);

    const rows = await pair.database.query<{ id: number; done: number }>(
      `SELECT o.appmax_order_id::int AS id, count(p.id) FILTER (WHERE p.state = 'done')::int AS done
       FROM orders o JOIN operations p ON p.order_id = o.id AND p.kind = 'credit_card'
       WHERE o.status = 'aprovado' GROUP BY o.id`,
    );
    expect(new Map(rows.map(({ id, done }) => [id, done]))).toEqual(charges);
  }, 120_000);

  it('an order that was made before the crash can be refunded after it', async () => {
    const [purchase] = await system.control.orders({ status: 'aprovado', limit: 1 });
    const refunded = await system.services[1].send('POST', `/checkout/${system.key}/refund`, {
      body: { order_id: purchase!.id, type: 'total' },
      secretKey: SECRET_KEY,
    });
    expect([refunded.status, refunded.text]).toEqual([200, expect.anything()]);
  });

  it('an old primary that comes back gets no connection of the instances that know the new one', async () => {
    const servers = async (): Promise<string[]> => {
      const rows = await pair.database.query<{ port: number }>(
        `SELECT count(*)::int AS count, current_setting('port') AS port FROM pg_stat_activity
         WHERE application_name = 'appmax-checkout'`,
      );
      return rows.map(({ port }) => String(port));
    };
    const old = await pair.restartOldPrimary();
    expect(await servers()).not.toContain(String(old.port));
    await eventually(async () => {
      for (const service of system.services)
        expect((await service.send('GET', '/health/ready')).status).toBe(200);
    }, 20);
    // Without knowledge of the past, the higher timeline decides.
    const { database } = parseConfig({ ...baseEnvironment(), ...pair.database.environment });
    const dataSource = await new DataSource(dataSourceOptions(database)).initialize();
    try {
      const [row] = await dataSource.query<{ port: string }[]>("SELECT current_setting('port') AS port");
      expect(await servers()).toEqual([row!.port]);
    } finally {
      await dataSource.destroy();
    }

    const { host, port, others } = database;
    const connection = { user: database.username, password: database.password!, database: database.database };
    const search = (...addresses: ServerAddress[]): Primary => new Primary(addresses, connection);
    const before = await search({ host: old.host, port: old.port }).find();
    const both = search({ host, port: port! }, ...others, { host: 'localhost', port: port! });
    const [outdated, current] = [{ close: jest.fn() }, { close: jest.fn() }];
    both.register(outdated, before.timeline);
    const found = await both.find();
    both.register(current, found.timeline);
    expect(found.address.port).toBe(port);
    expect(outdated.close).toHaveBeenCalled();
    // A server with two names stays the same one.
    for (let round = 0; round < 3; round += 1) {
      await sleep(1_010);
      expect((await both.find()).address).toBe(found.address);
    }
    expect(current.close).not.toHaveBeenCalled();
  });

  it('a commit whose wait for the standby is cancelled is no success', async () => {
    const old = await pair.restartOldPrimary();
    const environment = {
      ...baseEnvironment(),
      ...pair.database.environment,
      DB_HOST: old.host,
      DB_PORT: String(old.port),
    };
    const { database } = parseConfig(environment);
    const [client, operator] = [
      new PooledClient(clientConfig(database)),
      new PooledClient(clientConfig(database)),
    ];
    for (const each of [client, operator]) {
      each.on('error', () => undefined);
      await (each.connect() as Promise<unknown>);
    }
    const run = (on: PooledClient, sql: string): Promise<{ rows: Record<string, unknown>[] }> =>
      on.query(sql);
    try {
      await run(operator, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
      await run(operator, 'SELECT pg_reload_conf()');
      await eventually(async () => {
        const { rows } = await run(client, 'SHOW synchronous_standby_names');
        expect(rows).toEqual([{ synchronous_standby_names: 'nobody' }]);
      });
      const written = run(client, 'CREATE TABLE written (id int)').then(
        () => 'done',
        (error: unknown) => (error as { code?: string }).code,
      );
      await eventually(async () => {
        const { rows } = await run(
          operator,
          "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
        );
        expect(rows).toHaveLength(1);
      });
      expect(await written).toBe('08007');
      await expect(run(client, 'SELECT 1')).rejects.toThrow();
    } finally {
      await Promise.all([client.end(), operator.end()]);
    }
  });
});
