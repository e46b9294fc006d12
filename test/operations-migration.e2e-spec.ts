import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { parseConfig } from '../src/config/config';
import { dataSourceOptions } from '../src/database/data-source-options';
import { catalogueOf } from './support/catalogue';
import { createDatabase, type TestDatabase } from './support/database';
import { baseEnvironment } from './support/service';

const MIGRATION = 'CreateOperationsTable1795737600040';

describe('The migration to the table of operations', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let installationId: string;
  let schemaBefore: unknown;

  beforeAll(async () => {
    database = await createDatabase();
    const config = parseConfig({ ...baseEnvironment(), ...database.environment });
    dataSource = await new DataSource(dataSourceOptions(config.database)).initialize();
    await undo();
    schemaBefore = await catalogueOf(database);
    const [shop] = await database.query<{ id: string }>(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', 'app', 'id', 'secret', $1) RETURNING id`,
      [randomUUID()],
    );
    installationId = shop!.id;
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  /** Reverts the migration and all later ones. */
  const undo = async (): Promise<void> => {
    for (;;) {
      const [last] = await database.query<{ name: string }>(
        'SELECT name FROM migrations ORDER BY id DESC LIMIT 1',
      );
      await dataSource.undoLastMigration();
      if (last?.name === MIGRATION) return;
    }
  };

  const newOrder = async (appmaxOrderId: number): Promise<string> => {
    const [order] = await database.query<{ id: string }>(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, total_cents)
       VALUES ($1, 1, $2, 1000) RETURNING id`,
      [installationId, appmaxOrderId],
    );
    return order!.id;
  };

  const newAttempt = (orderId: string, state: string, method = 'credit_card'): Promise<unknown> =>
    database.query(
      `INSERT INTO payment_attempts (order_id, method, amount_cents, status_before, state, next_check_at, settled_at)
       VALUES ($1, $2, 1000, 'pendente', $3::varchar, NOW(), CASE WHEN $3 NOT IN ('started', 'unknown') THEN NOW() END)`,
      [orderId, method, state],
    );

  const newRefund = (orderId: string, state: string): Promise<unknown> =>
    database.query(
      `INSERT INTO refund_requests (order_id, type, amount_cents, state, settled_at)
       VALUES ($1, 'partial', 100, $2::varchar, CASE WHEN $2 <> 'started' THEN NOW() END)`,
      [orderId, state],
    );

  const attempts = (): Promise<unknown[]> =>
    database.query(
      `SELECT o.appmax_order_id AS number, a.method, a.amount_cents, a.status_before, a.state, a.settled_at IS NOT NULL AS settled
       FROM payment_attempts a JOIN orders o ON o.id = a.order_id ORDER BY a.id`,
    );
  const refunds = (): Promise<unknown[]> =>
    database.query(
      `SELECT o.appmax_order_id AS number, r.type, r.amount_cents, r.state
       FROM refund_requests r JOIN orders o ON o.id = r.order_id ORDER BY r.id`,
    );
  const operations = (kinds: readonly string[]): Promise<unknown[]> =>
    database.query(
      `SELECT o.appmax_order_id AS number, p.kind, p.state FROM operations p LEFT JOIN orders o ON o.id = p.order_id
       WHERE p.kind::text = ANY($1) ORDER BY p.id`,
      [kinds],
    );

  it('the migration keeps every row, up and down, and its revert restores the schema', async () => {
    const orders: string[] = [];
    for (let number = 1; number <= 8; number += 1) orders.push(await newOrder(number));
    const states = ['succeeded', 'declined', 'refused', 'unavailable', 'started', 'unknown'];
    for (const [index, state] of states.entries()) await newAttempt(orders[index]!, state);
    await newAttempt(orders[6]!, 'declined');
    await newAttempt(orders[6]!, 'succeeded', 'pix');
    for (const state of ['accepted', 'refused', 'unavailable', 'unknown', 'started'])
      await newRefund(orders[7]!, state);
    await database.query(
      `INSERT INTO idempotency_keys (tenant, key, digest, response_status, response_body, order_id, created_at)
       VALUES ('shop', 'key-of-an-order', repeat('a', 64), 200, '{}', $1, NOW() - INTERVAL '1 hour'),
         ('shop', 'upsell hash-1', repeat('b', 64), 200, '{"message": "sold"}', NULL, NOW()),
         ('shop', 'upsell hash-2', repeat('c', 64), 502, '{}', NULL, NOW())`,
      [orders[0]],
    );
    const attemptsBefore = await attempts();

    await dataSource.runMigrations();
    expect(await operations(['credit_card', 'pix', 'boleto'])).toEqual([
      { number: 1, kind: 'credit_card', state: 'done' },
      { number: 2, kind: 'credit_card', state: 'declined' },
      { number: 3, kind: 'credit_card', state: 'refused' },
      { number: 4, kind: 'credit_card', state: 'not_done' },
      { number: 5, kind: 'credit_card', state: 'unknown' },
      { number: 6, kind: 'credit_card', state: 'unknown' },
      { number: 7, kind: 'credit_card', state: 'declined' },
      { number: 7, kind: 'pix', state: 'done' },
    ]);
    // Two refunds may have been made. Only one may be open, so the other counts as accepted.
    expect(await operations(['refund'])).toEqual(
      ['done', 'refused', 'not_done', 'unknown', 'done'].map((state) => ({
        number: 8,
        kind: 'refund',
        state,
      })),
    );
    expect(await operations(['upsell'])).toEqual([
      { number: null, kind: 'upsell', state: 'done' },
      { number: null, kind: 'upsell', state: 'unknown' },
    ]);
    const [own] = await database.query(
      `SELECT p.kind, p.state FROM operations p JOIN idempotency_keys k ON k.id = p.idempotency_key_id
       WHERE k.key = 'key-of-an-order' AND p.kind = 'credit_card'`,
    );
    expect(own).toEqual({ kind: 'credit_card', state: 'done' });

    await undo();
    const asUnknown = attemptsBefore.map((row) => {
      const attempt = row as { state: string };
      return attempt.state === 'started' ? { ...attempt, state: 'unknown' } : attempt;
    });
    expect(await attempts()).toEqual(asUnknown);
    expect(await refunds()).toEqual(
      ['accepted', 'refused', 'unavailable', 'unknown', 'accepted'].map((state) => ({
        number: 8,
        type: 'partial',
        amount_cents: 100,
        state,
      })),
    );
    const keys = await database.query(
      "SELECT key, response_status, order_id FROM idempotency_keys WHERE key LIKE 'upsell %' OR order_id IS NOT NULL ORDER BY key",
    );
    expect(keys).toEqual([
      { key: 'key-of-an-order', response_status: 200, order_id: expect.anything() as unknown },
      { key: 'upsell hash-1', response_status: 200, order_id: null },
      { key: 'upsell hash-2', response_status: 502, order_id: null },
    ]);
    expect(await catalogueOf(database)).toEqual(schemaBefore);
  }, 240_000);
});
