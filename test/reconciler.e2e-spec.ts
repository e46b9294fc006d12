import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OrderAction, SimulatorControl } from '../simulator/control-client';
import { campaign } from './support/campaign';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { inParallel } from './support/many';
import { startService, type TestService } from './support/service';
import { cardPayment, CPF, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

const SHOPS = 10;
const ORDERS = campaign(200, 40);

/** By which method each fifth of the orders is sold, and what happens to it at Appmax, first and later. */
const FATES: readonly { route: string; first?: OrderAction; later?: OrderAction }[] = [
  { route: 'pay/pix', first: 'pay', later: 'refund' },
  { route: 'pay/pix', first: 'expire' },
  { route: 'pay/boleto', first: 'pay', later: 'integrate' },
  { route: 'pay/boleto', first: 'overdue', later: 'pay' },
  { route: 'pay/credit-card', later: 'refund' },
];

describe('With all webhooks lost', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let control: SimulatorControl;
  let seller: TestService;
  let services: TestService[];
  const shops = Array.from({ length: SHOPS }, () => `shop-${randomUUID()}`);

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    control = new SimulatorControl(simulator.url);
    await control.addWebhookRule({ action: 'drop' });
    seller = await startService({
      ...database.environment,
      ...simulator.environment,
      BACKGROUND_WORK: 'off',
      RATE_LIMIT: 'off',
    });
    services = [];
    for (const shop of shops) await install(seller, simulator, shop);
  }, 60_000);

  afterAll(async () => {
    await Promise.all([seller, ...services].map((service) => service.stop()));
    await Promise.all([simulator.stop(), database.drop()]);
  });

  const sell = async (index: number): Promise<number> => {
    const { route } = FATES[index % FATES.length]!;
    const answer = await seller.send('POST', `/checkout/${shops[index % SHOPS]!}/${route}`, {
      body: { customer: CUSTOMER, order: ORDER, document_number: CPF, payment: cardPayment() },
    });
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    return answer.body['order_id'] as number;
  };

  const startServices = async (): Promise<void> => {
    const environment = {
      ...database.environment,
      ...simulator.environment,
      APPMAX_ORDER_READ_INTERVAL: '5',
    };
    services = await Promise.all(
      [1, 2].map((offset) =>
        startService({ ...environment, APP_PORT: String(Number(simulator.servicePort) + offset) }),
      ),
    );
  };

  /** Lets an hour pass: everything that the schedule goes by happened an hour earlier. */
  const passAnHour = async (): Promise<void> => {
    await database.query(`
      UPDATE order_refreshes SET since = since - interval '1 hour', next_at = next_at - interval '1 hour'
      WHERE lease_token IS NULL`);
  };

  /** Waits until every order has Appmax's status, while an hour passes each half second. */
  const asAppmaxHasThem = async (seconds: number): Promise<void> => {
    const clock = setInterval(() => void passAnHour(), 500);
    await eventually(async () => {
      const orders = await control.orders({ limit: 1000 });
      const ours = await database.query<{ id: number; status: string }>(
        'SELECT appmax_order_id AS id, status FROM orders',
      );
      const here = new Map(ours.map(({ id, status }) => [id, status]));
      const wrong = orders.filter(({ id, status }) => here.get(id) !== status);
      expect({
        orders: orders.length,
        wrong: wrong.slice(0, 3).map(({ id, status }) => [id, status, here.get(id)]),
      }).toEqual({
        orders: ORDERS,
        wrong: [],
      });
    }, seconds).finally(() => {
      clearInterval(clock);
    });
  };

  const refusals = async (): Promise<number> =>
    (await control.requests(1000)).requests.filter(({ status }) => status === 429).length;

  it(`${ORDERS} orders end as Appmax has them, by syncs alone and within its limits`, async () => {
    const orderIds = await inParallel(
      Array.from({ length: ORDERS }, (_, index) => index),
      8,
      sell,
    );
    const happen = async (when: 'first' | 'later'): Promise<void> => {
      for (const [index, orderId] of orderIds.entries()) {
        const action = FATES[index % FATES.length]![when];
        if (action !== undefined) await control.act(orderId, action);
      }
    };
    await happen('first');
    // Selling has used up what Appmax takes at once: syncs begin with what comes back in the meantime.
    await sleep(3_000);
    await control.clearRequests();

    await startServices();
    await asAppmaxHasThem(60);
    await happen('later');
    await asAppmaxHasThem(90);
    expect(await refusals()).toBe(0);
    const [events] = await database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM webhook_events',
    );
    expect(events!.count).toBe(0);
  }, 400_000);
});
