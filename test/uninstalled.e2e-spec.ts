import { randomInt } from 'node:crypto';
import { SimulatorControl } from '../simulator/control-client';
import { createDatabase, type TestDatabase } from './support/database';
import type { Answer } from './support/http';
import { SECRET_KEY, type ServiceProcess, spawnService } from './support/service';
import { cardPayment, CPF, CUSTOMER, install, ORDER } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

const KEY = 'shop-42';

/** Returns the path of installments that no other test has asked for: they are in no cache. */
const newInstallments = (): string => `installments?total_value=${randomInt(10_000, 10_000_000)}`;

describe('A merchant who has uninstalled the app', () => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let control: SimulatorControl;
  let service: ServiceProcess;

  const shop = (path: string, body?: unknown, key = KEY): Promise<Answer> =>
    service.send(body === undefined ? 'GET' : 'POST', `/checkout/${key}/${path}`, {
      body,
      secretKey: SECRET_KEY,
    });
  const refusedSince = async (): Promise<unknown> => {
    const answer = await service.send('GET', `/admin/installations?external_key=${KEY}`, {
      secretKey: SECRET_KEY,
    });
    return (answer.body['data'] as Record<string, unknown>[])[0]?.['credentials_refused_since'];
  };
  const order = { customer: CUSTOMER, order: ORDER };

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator()]);
    control = new SimulatorControl(simulator.url);
    service = await spawnService({ ...database.environment, ...simulator.environment, LOG_LEVEL: 'info' });
  });

  beforeEach(async () => {
    await install(service, simulator, KEY);
    expect((await shop('order', order)).status).toBe(200);
    expect(await refusedSince()).toBeUndefined();
  });

  afterAll(async () => {
    await service.stop();
    await Promise.all([simulator.stop(), database.drop()]);
  });

  it.each<[string, () => Promise<Answer>]>([
    ['an order', () => shop('order', order)],
    ['installments', () => shop(newInstallments())],
    ['a card payment', () => shop('pay/credit-card', { ...order, payment: cardPayment() })],
    ['a Pix', () => shop('pay/pix', { ...order, document_number: CPF })],
    ['a token of a card', () => shop('tokenize', cardPayment())],
    [
      // A cached token is given without asking Appmax.
      "the merchant's token, after another call",
      async () => {
        await shop('order', order);
        return service.send('GET', `/installations/${KEY}/merchant/token`, { secretKey: SECRET_KEY });
      },
    ],
  ])('%s is answered 503 installation_revoked, until the merchant installs again', async (_, ask) => {
    await control.uninstall(KEY);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const answer = await ask();
      expect([answer.status, answer.body]).toEqual([
        503,
        {
          message: 'the shop is not connected to Appmax: the app must be installed again',
          code: 'installation_revoked',
        },
      ]);
    }
    expect(await refusedSince()).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    await install(service, simulator, KEY);
    expect(await refusedSince()).toBeUndefined();
    expect((await ask()).status).toBe(200);
  });

  it('a payment of an order that exists is not sent, and can be made after the installation', async () => {
    const { order_id, customer_id } = (await shop('order', order)).body;
    await control.uninstall(KEY);
    const payment = { order_id, customer_id, payment: cardPayment() };
    expect((await shop('pay/credit-card', payment)).body['code']).toBe('installation_revoked');
    await install(service, simulator, KEY);
    expect((await shop('pay/credit-card', payment)).status).toBe(200);
    expect(await control.ledger(Number(order_id))).toHaveLength(1);
  });

  it('the log says it once, and since when; the time stays until Appmax accepts the credentials', async () => {
    const lines = () =>
      service
        .output()
        .split('\n')
        .filter((line) => line.includes('refuses the credentials'));
    const before = lines().length;
    await control.uninstall(KEY);
    await shop('order', order);
    const since = String(await refusedSince());
    await Promise.all([shop('order', order), shop('order', order), shop(newInstallments())]);
    expect(await refusedSince()).toBe(since);
    expect(lines().slice(before)).toEqual([expect.stringContaining(`of ${KEY} since ${since}`)]);
  });

  it.each([
    // 503 if the retries have opened the circuit of the token service.
    ['another fault of the token service', { kind: 'status', status: 503 }, [502, 503]],
    ['a refusal that is not about the credentials', { kind: 'status', status: 403, message: 'Falha' }, [502]],
    ['too many requests', { kind: 'status', status: 429 }, [503]],
  ] as const)('%s does not count as uninstalled', async (_, fault, statuses) => {
    await control.revokeTokens(KEY);
    const { id } = await control.addFault({ route: 'POST /oauth2/token', times: null, ...fault });
    const answer = await shop(newInstallments());
    await control.removeFault(id);
    expect(statuses).toContain(answer.status);
    expect(answer.body['code']).not.toBe('installation_revoked');
    expect(await refusedSince()).toBeUndefined();
  });

  it('credentials that Appmax accepts again are no longer shown as refused', async () => {
    await control.revokeTokens(KEY);
    const { id } = await control.addFault({
      kind: 'status',
      status: 401,
      route: 'POST /oauth2/token',
      times: null,
    });
    expect((await shop('order', order)).body['code']).toBe('installation_revoked');
    expect(await refusedSince()).toBeDefined();
    await control.removeFault(id);
    expect((await shop('order', order)).status).toBe(200);
    expect(await refusedSince()).toBeUndefined();
  });
});
