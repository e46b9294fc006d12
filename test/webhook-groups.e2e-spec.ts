import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { parseConfig } from '../src/config/config';
import { dataSourceOptions } from '../src/database/data-source-options';
import { AssertedStatuses } from '../src/orders';
import { EventStore, type Stored } from '../src/webhooks/receive/event-store';
import { EventTraces } from '../src/webhooks/receive/event-traces';
import { campaign } from './support/campaign';
import { createDatabase, type TestDatabase } from './support/database';
import { counted, Deliverer } from './support/many';
import { baseEnvironment, startService, type TestService } from './support/service';

const MIXES = campaign(150, 50);
const EVENTS = ['OrderPaid', 'OrderPixCreated', 'OrderPartialRefund', 'SomethingNew'];

interface Delivery {
  /** 0 for none; ids above 2 are orders that are not saved. */
  readonly order: number;
  readonly event: string;
}

/** Deliveries in groups, each with the store that stores it. All groups are stored at the same time. */
type Mix = readonly { readonly store: number; readonly group: readonly Delivery[] }[];

const delivery: fc.Arbitrary<Delivery> = fc.record({
  order: fc.nat({ max: 4 }),
  event: fc.constantFrom(...EVENTS),
});
const mix: fc.Arbitrary<Mix> = fc.array(
  fc.record({ store: fc.nat({ max: 1 }), group: fc.array(delivery, { minLength: 1, maxLength: 12 }) }),
  { minLength: 1, maxLength: 6 },
);

/** Inserts orders of one shop. */
const insertOrders = async (database: TestDatabase, ids: readonly number[]): Promise<void> => {
  const [shop] = await database.query<{ id: string }>(
    `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
     VALUES ($1::text, 'app', 'id', 'secret', $2) RETURNING id`,
    [randomUUID(), randomUUID()],
  );
  await database.query(
    'INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id) SELECT $1, 1, unnest($2::integer[])',
    [shop!.id, ids],
  );
};

describe.each(['appmax', 'none'])('Groups of webhooks, with verification %s', (mode) => {
  let database: TestDatabase;
  let dataSources: DataSource[];
  let stores: EventStore[];

  beforeAll(async () => {
    database = await createDatabase();
    const config = parseConfig({
      ...baseEnvironment(),
      ...database.environment,
      WEBHOOK_VERIFICATION: mode,
    });
    // One prepares the statement, the other one does not, as behind a pooler in transaction mode.
    dataSources = await Promise.all(
      (['none', 'transaction'] as const).map((pooling) =>
        new DataSource(dataSourceOptions(config.database, { pooling, acceptsSettings: true })).initialize(),
      ),
    );
    stores = dataSources.map(
      (dataSource) => new EventStore(config, dataSource, new AssertedStatuses(), new EventTraces(dataSource)),
    );
  });

  afterAll(async () => {
    await Promise.all(dataSources.map((dataSource) => dataSource.destroy()));
    await database.drop();
  });

  /** Stores the groups of a mix at once, and events that were not stored again. @returns the outcomes by event. */
  const play = async (groups: Mix, firstId: number): Promise<Map<string, Stored[]>> => {
    const outcomes = new Map<string, Stored[]>();
    const storeAll = async (store: number, group: readonly Delivery[]): Promise<void> => {
      const stored = await stores[store]!.storeGroup(
        group.map(({ order, event }) => ({
          received: { event, eventType: 'order', appmaxOrderId: order === 0 ? null : firstId + order },
          text: JSON.stringify({ event, note: 'a "quoted", {braced} \\ text' }),
          traceparent: null,
        })),
      );
      expect(stored).toHaveLength(group.length);
      group.forEach(({ order, event }, index) => {
        const key = `${order} ${event}`;
        const outcome = stored[index];
        if (outcome !== undefined) outcomes.set(key, [...(outcomes.get(key) ?? []), outcome]);
      });
      const again = group.filter((_, index) => stored[index] === undefined);
      if (again.length > 0) await storeAll(store, again);
    };
    await Promise.all(groups.map(({ store, group }) => storeAll(store, group)));
    return outcomes;
  };

  it(`exactly one of any copies is the first, in any grouping, in ${MIXES} mixes`, async () => {
    const seed = Date.now() % 2_147_483_647;
    const mixes = fc.sample(mix, { numRuns: MIXES, seed });
    await insertOrders(
      database,
      mixes.flatMap((_, index) => [index * 10 + 1, index * 10 + 2]),
    );
    for (const [index, groups] of mixes.entries()) {
      const outcomes = await play(groups, index * 10);
      const deliveries = groups.flatMap(({ group }) => group);
      for (const [key, found] of outcomes) {
        const copies = deliveries.filter(({ order, event }) => `${order} ${event}` === key).length;
        const firsts = found.filter((outcome) => outcome === 'first').length;
        expect({ seed, index, key, stored: found.length, firsts }).toEqual({
          seed,
          index,
          key,
          stored: copies,
          firsts: key.startsWith('0 ') ? copies : 1,
        });
      }
    }
    const [rows] = await database.query(
      `SELECT count(*)::int AS stored,
         count(*) FILTER (WHERE error_message IS NULL AND appmax_order_id IS NOT NULL)::int AS firsts,
         count(DISTINCT (appmax_order_id, event)) FILTER (WHERE appmax_order_id IS NOT NULL)::int AS events,
         count(*) FILTER (WHERE error_message <> 'repeats webhook event ' || first OR (error_message IS NULL) <> (u.event_id IS NULL)
           OR u.repeats_event_id IS DISTINCT FROM CASE WHEN error_message IS NOT NULL THEN first END)::int AS wrong
       FROM (SELECT *, min(id) FILTER (WHERE error_message IS NULL) OVER (PARTITION BY appmax_order_id, event) AS first
             FROM webhook_events) e
       LEFT JOIN unapplied_webhook_events u ON u.event_id = e.id`,
    );
    const keys = mixes.flatMap((groups, index) =>
      groups.flatMap(({ group }) => group.map(({ order, event }) => `${index} ${order} ${event}`)),
    );
    const withOrder = new Set(keys.filter((key) => key.split(' ')[1] !== '0')).size;
    expect(rows).toEqual({ stored: keys.length, firsts: withOrder, events: withOrder, wrong: 0 });
    const waiting = await database.query<{ event: string; is_order_known: boolean }>(
      `SELECT DISTINCT e.event, a.is_order_known FROM webhook_attempts a JOIN webhook_events e ON e.id = a.event_id
       ORDER BY e.event, a.is_order_known`,
    );
    // Only events with a status wait; without verification, only those whose order is not saved.
    expect(waiting).toEqual(
      ['OrderPaid', 'OrderPixCreated'].flatMap((event) =>
        (mode === 'none' ? [false] : [false, true]).map((is_order_known) => ({ event, is_order_known })),
      ),
    );
    const synced = await database.query<{ orders: number }>(
      `SELECT count(*)::int AS orders FROM order_refreshes WHERE requested_at IS NOT NULL AND reason = 'repeat'`,
    );
    const changed = new Set(
      mixes.flatMap((groups, index) =>
        groups.flatMap(({ group }) =>
          group.flatMap(({ order, event }) =>
            [1, 2].includes(order) && ['OrderPartialRefund', 'SomethingNew'].includes(event)
              ? [`${index} ${order}`]
              : [],
          ),
        ),
      ),
    );
    expect(synced).toEqual([{ orders: changed.size }]);
  });
});

describe('The queue of webhooks', () => {
  it('one statement queues all waiting events of an INSERT, each with the knowledge of its order', async () => {
    const database = await createDatabase();
    await insertOrders(database, [1]);
    const [row] = await database.query<{ 'QUERY PLAN': [{ Triggers: Record<string, unknown>[] }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON)
       INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed, created_at)
       VALUES ('OrderPaid', '', 1, '{}', false, '2026-01-02 03:04:05'), ('OrderPaid', '', 2, '{}', false, NULL),
         ('OrderPixCreated', '', 1, '{}', true, NULL), ('OrderPixCreated', '', 2, '{}', false, NULL)`,
    );
    const triggers = row!['QUERY PLAN'][0].Triggers;
    expect(
      triggers.filter((each) => each['Relation'] === 'webhook_events' && !each['Constraint Name']),
    ).toEqual([expect.objectContaining({ 'Trigger Name': 'webhook_events_queue_inserted', Calls: 1 })]);
    const queued = await database.query(
      `SELECT e.event, a.appmax_order_id, a.is_order_known, a.attempts, a.next_attempt_at <= now() AT TIME ZONE 'UTC' AS is_due,
         a.queued_at = '2026-01-02 03:04:05' AS is_old
       FROM webhook_attempts a JOIN webhook_events e ON e.id = a.event_id ORDER BY e.id`,
    );
    const rest = { attempts: 0, is_due: true };
    expect(queued).toEqual([
      { event: 'OrderPaid', appmax_order_id: 1, is_order_known: true, is_old: true, ...rest },
      { event: 'OrderPaid', appmax_order_id: 2, is_order_known: false, is_old: false, ...rest },
      { event: 'OrderPixCreated', appmax_order_id: 2, is_order_known: false, is_old: false, ...rest },
    ]);
    await database.drop();
  });
});

describe.each(['appmax', 'none'])('A webhook that the database refuses, with verification %s', (mode) => {
  let database: TestDatabase;
  let service: TestService;
  let deliverer: Deliverer;

  beforeAll(async () => {
    deliverer = new Deliverer();
    database = await createDatabase();
    await insertOrders(
      database,
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    await database.query("ALTER TABLE webhook_events ADD CONSTRAINT refused CHECK (event <> 'Refused')");
    service = await startService({
      ...database.environment,
      WEBHOOK_VERIFICATION: mode,
      BACKGROUND_WORK: 'off',
    });
  });

  afterAll(async () => {
    await deliverer.close();
    await service.stop();
    await database.drop();
  });

  it('a webhook that the database refuses fails alone among many', async () => {
    const bodies = Array.from({ length: 200 }, (_, index) => ({
      event: index % 50 === 7 ? 'Refused' : 'OrderPaid',
      data: { order_id: 1 + index, mark: index },
    }));
    const answers = await Promise.all(bodies.map((body) => deliverer.deliver(service.url, body)));
    expect(counted(answers.map(({ status, message }) => `${status} ${message}`))).toEqual({
      '200 ok': 196,
      '500 internal server error': 4,
    });
    expect(answers.flatMap(({ status }, index) => (status === 500 ? [index] : []))).toEqual([
      7, 57, 107, 157,
    ]);
    const [stored] = await database.query(
      "SELECT count(*)::int AS events, count(DISTINCT payload -> 'data' ->> 'mark')::int AS marks FROM webhook_events",
    );
    expect(stored).toEqual({ events: 196, marks: 196 });
    const [paid] = await database.query(
      "SELECT count(*)::int AS orders FROM orders WHERE status = 'aprovado'",
    );
    expect(paid).toEqual({ orders: mode === 'none' ? 19 : 0 });
  });
});
