import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { Lease } from '../src/common/leases/lease';
import { parseConfig } from '../src/config/config';
import { dataSourceOptions } from '../src/database/data-source-options';
import { IdempotencyContext } from '../src/idempotency';
import { OperationsRepository } from '../src/payments/operations/rows/operations.repository';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { baseEnvironment } from './support/service';

const PAYABLE = ['pendente'];

/** The statements that decide in the database whether a charge may be sent or saved, while others change its sale. */
describe('The fence in the database', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let operations: OperationsRepository;
  let installationId: number;
  let orders = 0;

  beforeAll(async () => {
    database = await createDatabase();
    const { database: settings } = parseConfig({ ...baseEnvironment(), ...database.environment });
    dataSource = await new DataSource(dataSourceOptions(settings)).initialize();
    operations = new OperationsRepository(dataSource, new IdempotencyContext());
    const [row] = await database.query<{ id: number }>(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', 'app', 'id', 'secret', $1) RETURNING id::int`,
      [randomUUID()],
    );
    installationId = row!.id;
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  /** Creates an unpaid order with a charge that was judged as not made, and with a second one that is prepared. */
  const orderWithTwoCharges = async (): Promise<{ first: number; second: Lease }> => {
    orders += 1;
    const [order] = await database.query<{ id: number }>(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status, total_cents)
       VALUES ($1, 1, $2, 'pendente', 1000) RETURNING id::int`,
      [installationId, orders],
    );
    const charge = { kind: 'credit_card', installationId, orderId: order!.id, callLimitSeconds: 10 } as const;
    const sale = `order:${order!.id}`;
    const first = (await operations.prepare({ ...charge, sale }))!;
    await operations.fence(first, PAYABLE);
    await operations.update({ type: 'update', id: first.id, from: 'sent', to: 'unknown' });
    await operations.update({ type: 'update', id: first.id, from: 'unknown', to: 'not_done' });
    return { first: first.id, second: (await operations.prepare({ ...charge, sale }))! };
  };

  /** Runs a statement while another transaction proves the first charge, and commits only when the statement waits. */
  const whileFirstIsProven = async <Value>(
    first: number,
    statement: () => Promise<Value>,
  ): Promise<Value> => {
    await database.query('BEGIN');
    await database.query(
      'SELECT id FROM operations WHERE sale = (SELECT sale FROM operations WHERE id = $1) ORDER BY id FOR UPDATE',
      [first],
    );
    const result = statement();
    await eventually(async () => {
      expect(await database.query('SELECT pid FROM pg_locks WHERE NOT granted')).toHaveLength(1);
    });
    await database.query("UPDATE operations SET state = 'done' WHERE id = $1", [first]);
    await database.query('COMMIT');
    return result;
  };

  it('sends a charge whose sale has no successful one', async () => {
    const { second } = await orderWithTwoCharges();
    expect(await operations.fence(second, PAYABLE)).toBeInstanceOf(Date);
  });

  it('does not send a charge if an earlier one is proven while the fence waits for its lock', async () => {
    const { first, second } = await orderWithTwoCharges();
    expect(await whileFirstIsProven(first, () => operations.fence(second, PAYABLE))).toBeUndefined();
  });

  it('does not save a charge alone if an earlier one is proven while the statement waits for its lock', async () => {
    const { first, second } = await orderWithTwoCharges();
    await operations.fence(second, PAYABLE);
    const [row] = await database.query<{ id: number }>(
      'SELECT order_id::int AS id FROM operations WHERE id = $1',
      [second.id],
    );
    const accepted = { type: 'update', id: second.id, from: 'sent', to: 'done' } as const;
    const proven = { orderId: row!.id, status: 'aprovado', columns: {} };
    const saving = () => operations.updateWithOrder(accepted, {}, proven);
    expect(await whileFirstIsProven(first, saving)).toBeUndefined();
    expect(await database.query('SELECT status FROM orders WHERE id = $1', [row!.id])).toEqual([
      { status: 'pendente' },
    ]);
  });
});
