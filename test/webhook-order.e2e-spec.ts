import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { campaign } from './support/campaign';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { Deliverer, inParallel } from './support/many';
import { finalStatusOf } from './support/order-oracle';
import { startService, type TestService } from './support/service';

const HISTORIES = campaign(2_000, 80);

/** The events of an order with their asserted statuses, independent of the service's own catalogue. */
const EVENTS: readonly [event: string, assertedStatus: string][] = [
  ['OrderPixCreated', 'pendente'],
  ['order_billet_created', 'pendente'],
  ['OrderAuthorized', 'autorizado'],
  ['OrderPixExpired', 'cancelado'],
  ['payment_not_authorized', 'cancelado'],
  ['OrderApproved', 'aprovado'],
  ['order_paid', 'aprovado'],
  ['OrderPaidByPix', 'aprovado'],
  ['OrderRefusedByRisk', 'recusado_por_risco'],
  ['OrderPendingIntegration', 'pendente_integracao'],
  ['order_integrated', 'integrado'],
  ['OrderRefund', 'estornado'],
  ['OrderChargeBackInTreatment', 'chargeback_em_tratativa'],
  ['OrderChargeBackGain', 'chargeback_vencido'],
];

const ASSERTED_STATUSES = new Map(EVENTS);

interface History {
  readonly base: string;
  /** The events in order of delivery, with repeats, each for one of two instances. */
  readonly deliveries: readonly { readonly event: string; readonly instance: number }[];
  /** The index of the delivery before which the order's row is inserted. */
  readonly orderAt: number;
  /** True if all events are delivered at the same time. */
  readonly atOnce: boolean;
}

const delivery = fc.record({
  event: fc.constantFrom(...EVENTS.map(([event]) => event)),
  instance: fc.nat({ max: 1 }),
});
const history: fc.Arbitrary<History> = fc
  .record({
    base: fc.constantFrom(
      'pendente',
      'pendente',
      'pendente',
      'autorizado',
      'aprovado',
      'cancelado',
      'integrado',
      'estornado',
      'recusado_por_risco',
    ),
    deliveries: fc.array(delivery, { minLength: 1, maxLength: 5 }),
    orderAt: fc.nat({ max: 5 }),
    atOnce: fc.boolean(),
  })
  .map((each) => ({ ...each, orderAt: Math.min(each.orderAt, each.deliveries.length) }));

describe('The final status of an order, on two services with one database', () => {
  let database: TestDatabase;
  let services: TestService[];
  let deliverer: Deliverer;
  let installationId: string;
  let inserted: Promise<unknown> = Promise.resolve();

  beforeAll(async () => {
    deliverer = new Deliverer();
    database = await createDatabase();
    const environment = { ...database.environment, WEBHOOK_VERIFICATION: 'none' };
    services = await Promise.all([startService(environment), startService(environment)]);
    const [shop] = await database.query<{ id: string }>(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', 'app', 'id', 'secret', $1) RETURNING id`,
      [randomUUID()],
    );
    installationId = shop!.id;
  });

  afterAll(async () => {
    await deliverer.close();
    await Promise.all(services.map((service) => service.stop()));
    await database.drop();
  });

  const play = async ({ base, deliveries, orderAt, atOnce }: History, orderId: number): Promise<void> => {
    const send = async ({ event, instance }: History['deliveries'][number]): Promise<void> => {
      const answer = await deliverer.deliver(services[instance]!.url, { event, data: { order_id: orderId } });
      expect(answer.status).toBe(200);
    };
    // The test has one connection, so its inserts run one after the other.
    const row = (): Promise<unknown> =>
      (inserted = inserted.then(() =>
        database.query(
          'INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status) VALUES ($1, 1, $2, $3)',
          [installationId, orderId, base],
        ),
      ));
    const steps = [
      ...deliveries.slice(0, orderAt).map((each) => () => send(each)),
      row,
      ...deliveries.slice(orderAt).map((each) => () => send(each)),
    ];
    if (atOnce) await Promise.all(steps.map((step) => step()));
    else for (const step of steps) await step();
  };

  const statuses = async (): Promise<Map<number, string>> => {
    const [waiting] = await database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM webhook_events WHERE NOT processed',
    );
    expect(waiting!.count).toBe(0);
    const rows = await database.query<{ appmax_order_id: number; status: string }>(
      'SELECT appmax_order_id, status FROM orders',
    );
    return new Map(rows.map((row) => [row.appmax_order_id, row.status]));
  };

  it(`the final status does not depend on the order of the events, in ${HISTORIES} histories`, async () => {
    const seed = Date.now() % 2_147_483_647;
    const histories = fc.sample(history, { numRuns: HISTORIES, seed });
    await inParallel(histories, 32, (each, index) => play(each, index + 1));
    const ended = await eventually(statuses, 60);
    const wrong = histories.flatMap(({ base, deliveries, ...when }, index) => {
      const expected = finalStatusOf(
        base,
        new Set(deliveries.map(({ event }) => ASSERTED_STATUSES.get(event)!)),
      );
      const end = ended.get(index + 1);
      return end === expected ? [] : [{ base, deliveries, ...when, end, expected }];
    });
    expect({ seed, wrong: wrong.slice(0, 3) }).toEqual({ seed, wrong: [] });
  }, 400_000);
});
