import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { parseConfig } from '../src/config/config';
import { dataSourceOptions } from '../src/database/data-source-options';
import { eventually } from './support/eventually';
import { type PostgresPair, startPostgresPair } from './support/postgres-pair';
import { baseEnvironment } from './support/service';
import { cardPayment, CUSTOMER } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

const SALES = 30;
const LONGEST_SECONDS = 120;

/** One sale of the test: its amount names it in Appmax's ledger. */
interface Sale {
  readonly amount: number;
  readonly key: string;
  orderId?: number;
  readonly statuses: number[];
}

describe('A PostgreSQL primary that crashes while payments run', () => {
  let pair: PostgresPair;
  let system: TestSystem;

  beforeAll(async () => {
    pair = await startPostgresPair();
    system = await startSystem({ PAYMENT_SETTLE_SECONDS: '5' }, pair.database);
  });

  afterAll(async () => {
    await system.stop();
  });

  /** Repeats a sale with its idempotency key, on both instances in turn, until it is paid. */
  const sell = async (sale: Sale): Promise<void> => {
    const body = {
      customer: CUSTOMER,
      order: {
        products_value: sale.amount,
        products: [{ sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: sale.amount }],
      },
      payment: cardPayment(),
    };
    const end = Date.now() + LONGEST_SECONDS * 1000;
    for (let attempt = 0; Date.now() < end; attempt += 1) {
      const answer = await system.services[attempt % 2]!.send(
        'POST',
        `/checkout/${system.key}/pay/credit-card`,
        { body, headers: { 'idempotency-key': sale.key } },
      );
      sale.statuses.push(answer.status);
      if (answer.status === 200) {
        sale.orderId = answer.body['order_id'] as number;
        return;
      }
      await sleep(400);
    }
  };

  it('after the standby is promoted every sale is paid once, and no answered payment is lost', async () => {
    // Slow cards: when the primary crashes, payments are in every state.
    await system.control.addFault({
      kind: 'drip',
      seconds: 1,
      route: 'POST /v1/payments/credit-card',
      times: 1000,
    });
    const sales: Sale[] = Array.from({ length: SALES }, (_, index) => ({
      amount: 10_000 + index,
      key: randomUUID(),
      statuses: [],
    }));
    const running = sales.map(async (sale, index) => {
      await sleep(index * 100);
      await sell(sale);
    });
    await sleep(1_800);
    pair.crashPrimary();
    await sleep(500);
    await pair.promoteStandby();
    await Promise.all(running);

    const failures = sales.filter(({ statuses }) => statuses.length > 1).length;
    expect(failures).toBeGreaterThan(0);
    expect(sales.filter(({ orderId }) => orderId === undefined)).toEqual([]);
    const charges = (await system.control.ledger()).filter(({ kind }) => kind === 'charge');
    expect(charges.map(({ cents }) => cents).sort()).toEqual(sales.map(({ amount }) => amount).sort());
    const rows = await system.database.query<{ id: string; status: string; operations: string }>(
      `SELECT o.appmax_order_id::text AS id, o.status, string_agg(p.state, ',') AS operations
       FROM orders o JOIN operations p ON p.order_id = o.id AND p.kind = 'credit_card' AND p.state <> 'not_sent'
       GROUP BY o.id`,
    );
    expect(rows.map(({ id }) => id).sort()).toEqual(sales.map(({ orderId }) => String(orderId)).sort());
    expect(new Set(rows.map(({ status, operations }) => `${status} ${operations}`))).toEqual(
      new Set(['aprovado done']),
    );
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
  });
});
