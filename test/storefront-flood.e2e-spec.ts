import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatorControl } from '../simulator/control-client';
import { createDatabase, type TestDatabase } from './support/database';
import type { Answer } from './support/http';
import { counted } from './support/many';
import { metricsOf } from './support/metrics';
import { freePort } from './support/servers';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { cardPayment, CPF, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

/** A total that no other request of this file asks for: its plans are in no cache. */
let lastTotal = 100_000;
const newTotal = (): number => (lastTotal += 1);

const LIMITED = { RATE_LIMIT: 'on', TRUST_PROXY: '1' };

describe('A stranger who knows the key of a shop', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let control: SimulatorControl;
  let service: TestService;
  let environment: Record<string, string>;

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    control = new SimulatorControl(simulator.url);
    await control.change({ webhooks: false });
    environment = { ...database.environment, ...simulator.environment, ...LIMITED };
    service = await startService(environment);
    for (const shop of ['flooded', 'quiet', 'counted', 'spent', 'cached', 'unreachable'])
      await install(service, simulator, shop);
  });

  afterAll(async () => {
    await service.stop();
    await Promise.all([simulator.stop(), database.drop()]);
  });

  const plans = (shop: string, from: string, total = newTotal(), target = service): Promise<Answer> =>
    target.send('GET', `/checkout/${shop}/installments?total_value=${total}`, {
      headers: { 'x-forwarded-for': from },
    });

  const post = (
    path: string,
    { body, from, secretKey }: { body: unknown; from: string; secretKey?: string },
    target = service,
  ): Promise<Answer> =>
    target.send('POST', `/checkout/${path}`, {
      body,
      headers: { 'x-forwarded-for': from },
      ...(secretKey === undefined ? {} : { secretKey }),
    });

  const sell = async (shop: string, from: string, target = service): Promise<number> => {
    const answer = await post(`${shop}/order`, { body: { customer: CUSTOMER, order: ORDER }, from }, target);
    expect(answer.status).toBe(200);
    return answer.body['order_id'] as number;
  };

  const payByPix = (shop: string, orderId: number, from: string, target = service): Promise<Answer> =>
    post(`${shop}/pay/pix`, { body: { order_id: orderId, document_number: CPF }, from }, target);

  const started: TestService[] = [];

  /** Starts a service of its own for a test. */
  const another = async (variables: Record<string, string>): Promise<TestService> => {
    const other = await startService({ ...environment, APP_PORT: String(await freePort()), ...variables });
    started.push(other);
    return other;
  };

  afterEach(async () => {
    await Promise.all(started.splice(0).map((other) => other.stop()));
  });

  it('asks for installments from six addresses, and the shoppers of all shops can still pay', async () => {
    const open = await another({
      APPMAX_STOREFRONT_CALLS: '100000',
      APPMAX_STOREFRONT_ADDRESS_PERCENT: '100',
    });
    const orders = await Promise.all(
      Array.from({ length: 8 }, (_, index) => sell('flooded', `10.1.0.${index}`, open)),
    );
    const fault = await control.addFault({
      kind: 'drip',
      when: 'after',
      route: '*',
      seconds: 0.4,
      times: null,
    });
    const flood: Promise<number>[] = [];
    const flooding = setInterval(() => {
      for (let address = 0; address < 6; address += 1)
        flood.push(plans('flooded', `10.2.0.${address}`, newTotal(), open).then(({ status }) => status));
    }, 500);
    try {
      // Until the queue of the shop's calls is full.
      await sleep(18_000);
      const paid: number[] = [];
      for (const [index, orderId] of orders.entries()) {
        paid.push((await payByPix('flooded', orderId, `10.1.0.${index}`, open)).status);
        await sleep(500);
      }
      const elsewhere = await sell('quiet', '10.1.1.1', open);
      paid.push((await payByPix('quiet', elsewhere, '10.1.1.1', open)).status);
      expect(counted(paid.map(String))).toEqual({ 200: orders.length + 1 });
    } finally {
      clearInterval(flooding);
      const statuses = counted((await Promise.all(flood)).map(String));
      expect(statuses['503']).toBeGreaterThan(0);
      await control.removeFault(fault.id);
    }
  });

  it('uses from one address only a share of the calls of the shop, and other shoppers get theirs', async () => {
    await control.change({ rate_limits: false });
    const fast = await another({ APPMAX_RATE_BURST: '1000', APPMAX_RATE_PER_SECOND: '1000' });
    const statuses: number[] = [];
    for (let request = 0; request < 110; request += 1)
      statuses.push((await plans('counted', '10.3.0.1', newTotal(), fast)).status);
    // Of 1,500 calls a day an address may use 5 percent of what is left: 71 are 5 percent of 1,429.
    expect(counted(statuses.map(String))).toEqual({ 200: 71, 429: 39 });
    const refused = await plans('counted', '10.3.0.1', newTotal(), fast);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const orderId = await sell('counted', '10.3.0.2', fast);
    expect((await payByPix('counted', orderId, '10.3.0.1', fast)).status).toBe(200);
    expect((await plans('counted', '10.3.0.2', newTotal(), fast)).status).toBe(200);
  });

  it("uses up the shop's day from many addresses, and orders that exist can still be paid", async () => {
    const small = await another({ APPMAX_STOREFRONT_CALLS: '10', APPMAX_STOREFRONT_ADDRESS_PERCENT: '100' });
    const orderId = await sell('spent', '10.4.0.1', small);
    for (let address = 0; address < 8; address += 1)
      expect((await plans('spent', `10.4.1.${address}`, newTotal(), small)).status).toBe(200);
    const from = '10.4.2.1';
    const order = { customer: CUSTOMER, order: ORDER };
    const { number, cvv, expiration_month, expiration_year, holder_name } = cardPayment();
    const card = { number, cvv, expiration_month, expiration_year, holder_name };
    const upsell = { upsell_hash: 'guessed', products_value: 100, products: ORDER.products };
    const answers = [
      await plans('spent', from, newTotal(), small),
      await post('spent/order', { body: order, from }, small),
      await post('spent/tokenize', { body: card, from }, small),
      await post('spent/upsell', { body: upsell, from }, small),
      await post(
        'spent/pay/pix',
        { body: { order_id: 2_000_000_000, customer_id: 1, document_number: CPF }, from },
        small,
      ),
    ];
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 429, 429, 429]);
    expect((await payByPix('spent', orderId, from, small)).status).toBe(200);
    const bySecret = await post('spent/order', { body: order, from, secretKey: SECRET_KEY }, small);
    expect(bySecret.status).toBe(200);
    const metrics = await metricsOf(small);
    expect(metrics.get('storefront_budget_used_ratio{state="busiest_shop"}')).toBeGreaterThanOrEqual(1);
    expect(metrics.get('storefront_calls_refused_total{reason="budget"}')).toBe(5);
  });

  it('asks often for the same installments, and Appmax is asked once', async () => {
    await control.clearRequests();
    const total = newTotal();
    const first = await Promise.all(
      Array.from({ length: 20 }, (_, index) => plans('cached', `10.5.0.${index}`, total)),
    );
    const again = await plans('cached', '10.5.1.1', total);
    expect(counted(first.map(({ status }) => String(status)))).toEqual({ 200: 20 });
    expect(again.body).toEqual(first[0]!.body);
    const fewer = await service.send(
      'GET',
      `/checkout/cached/installments?total_value=${total}&installments=3`,
    );
    expect(fewer.body).toHaveLength(3);
    const { by_route: asked } = await control.requests();
    expect(asked['POST /v1/payments/installments']).toBe(2);
  });

  it('is not charged for calls that were not sent', async () => {
    const cut = await another({ APPMAX_API_URL: 'http://127.0.0.1:9' });
    expect((await plans('unreachable', '10.6.0.1', newTotal(), cut)).status).toBe(502);
    const rows = await database.query<{ calls: number }>(
      `SELECT calls FROM storefront_calls JOIN installations i ON i.id = installation_id
       WHERE i.external_key = 'unreachable'`,
    );
    expect(rows.map(({ calls }) => calls)).toEqual([0, 0]);
  });
});
