import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatorControl } from '../simulator/control-client';
import { campaign } from './support/campaign';
import { createDatabase, type TestDatabase } from './support/database';
import { counted, Deliverer, inParallel } from './support/many';
import { startService, type TestService } from './support/service';
import { CPF, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

const FORGERIES = campaign(10_000, 400);
const INTERVAL_SECONDS = campaign(30, 5);
/** Long enough for a second sync of every order. */
const WATCHED_SECONDS = INTERVAL_SECONDS + 8;

const EVENTS = [
  'OrderPaid',
  'order_approved',
  'OrderPaidByPix',
  'order_integrated',
  'OrderRefund',
  'OrderPixExpired',
  'OrderRefusedByRisk',
  'order_chargeback_in_treatment',
  'OrderAuthorized',
  'order_up_sold',
];

describe('Forged webhooks, on two services with one database', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let control: SimulatorControl;
  let services: TestService[];
  let deliverer: Deliverer;
  const shops = [`shop-${randomUUID()}`, `shop-${randomUUID()}`];

  beforeAll(async () => {
    deliverer = new Deliverer();
    [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    control = new SimulatorControl(simulator.url);
    await control.addWebhookRule({ action: 'drop' });
    const environment = {
      ...database.environment,
      ...simulator.environment,
      RATE_LIMIT: 'off',
      APPMAX_ORDER_READ_INTERVAL: String(INTERVAL_SECONDS),
    };
    services = await Promise.all([
      startService(environment),
      startService({ ...environment, APP_PORT: String(Number(simulator.servicePort) + 1) }),
    ]);
    for (const shop of shops) await install(services[0]!, simulator, shop);
  });

  afterAll(async () => {
    await deliverer.close();
    await Promise.all(services.map((service) => service.stop()));
    await Promise.all([simulator.stop(), database.drop()]);
  });

  const sell = async (index: number): Promise<number> => {
    const answer = await services[0]!.send('POST', `/checkout/${shops[index % 2]!}/pay/pix`, {
      body: { customer: CUSTOMER, order: ORDER, document_number: CPF },
    });
    return answer.body['order_id'] as number;
  };

  it(`${FORGERIES} forged webhooks change no status and cause at most one read per order in ${INTERVAL_SECONDS} seconds`, async () => {
    const orderIds = await inParallel(
      Array.from({ length: 24 }, (_, index) => index),
      4,
      sell,
    );
    await control.clearRequests();
    const guesses = Math.max(...orderIds) + 1;
    const forgeries = Array.from({ length: FORGERIES }, (_, index) => ({
      event: EVENTS[Math.floor(index / 7) % EVENTS.length]!,
      event_type: 'order',
      // The order is of this shop, of the other one, or of none.
      external_key: shops[index % 2]!,
      data: { order_id: index % 3 === 0 ? orderIds[index % orderIds.length]! : guesses + (index % 900) },
    }));
    const started = Date.now();
    const answers = await inParallel(forgeries, 48, (forgery, index) =>
      deliverer.deliver(services[index % 2]!.url, forgery),
    );
    expect(Object.keys(counted(answers.map(({ status }) => String(status))))).toEqual(['200']);
    await sleep(Math.max(0, WATCHED_SECONDS * 1000 - (Date.now() - started)));

    const orders = await database.query('SELECT status, count(*)::int AS orders FROM orders GROUP BY status');
    expect(orders).toEqual([{ status: 'pendente', orders: orderIds.length }]);
    expect(await database.query('SELECT DISTINCT status FROM order_status_changes')).toEqual([
      { status: 'pendente' },
    ]);

    const { requests } = await control.requests(1000);
    const reads = new Map<string, number[]>();
    for (const { method, path, at } of requests) {
      if (method === 'GET') reads.set(path, [...(reads.get(path) ?? []), Date.parse(at)]);
    }
    const gaps = [...reads.values()].flatMap((times) =>
      times
        .sort((left, right) => left - right)
        .flatMap((time, index) => (index === 0 ? [] : [time - times[index - 1]!])),
    );
    expect(reads.size).toBeGreaterThanOrEqual(orderIds.length);
    expect(Math.min(Infinity, ...gaps)).toBeGreaterThanOrEqual(INTERVAL_SECONDS * 1000 - 50);
    expect(requests.filter(({ status }) => status === 429)).toEqual([]);
  }, 400_000);
});
