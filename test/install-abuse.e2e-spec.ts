import { randomUUID } from 'node:crypto';
import { eventually } from './support/eventually';
import type { Answer } from './support/http';
import { counted, inParallel } from './support/many';
import { freePort } from './support/servers';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { consentOn, startInstallation } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

const CALLBACK = '/integrations/appmax/callback/install';

describe('Strangers and installations', () => {
  let system: TestSystem;

  beforeAll(async () => {
    system = await startSystem({ APPMAX_RATE_BURST: '1000' });
  });

  afterAll(async () => {
    await system.stop();
  });

  const newKey = (): string => `shop-${randomUUID()}`;

  /** Starts a service with rate limits, whose callers name their address themselves. */
  const limitedService = async (): Promise<TestService> =>
    startService({
      ...system.environment,
      APP_PORT: String(await freePort()),
      CACHE_DRIVER: 'memory',
      RATE_LIMIT: 'on',
      TRUST_PROXY: 'true',
    });

  const check = (service: TestService, fields: object, address = '198.51.100.1'): Promise<Answer> => {
    const key = newKey();
    return service.send('POST', CALLBACK, {
      headers: { 'x-forwarded-for': address },
      body: {
        app_id: system.simulator.appIdNumeric,
        external_key: key,
        client_key: key,
        client_id: 'invented',
        client_secret: 'invented',
        ...fields,
      },
    });
  };

  it('made-up credentials occupy no key, also after public starts', async () => {
    const [service] = system.services;
    const keys = Array.from({ length: 57 }, newKey);
    const answers = await inParallel(keys, 57, async (key) => {
      await startInstallation(service, system.simulator, key);
      return check(service, { external_key: key, client_key: key });
    });
    expect(counted(answers.map(({ status }) => String(status)))).toEqual({ 400: 57 });
    expect(
      await system.database.query('SELECT external_key FROM installations WHERE external_key = ANY($1)', [
        keys,
      ]),
    ).toEqual([]);
  });

  it("an address can't guess the app's number: after 20 refusals all its health checks get 429", async () => {
    const service = await limitedService();
    const own = Number(system.simulator.appIdNumeric);
    const numbers = Array.from({ length: 904 }, (_, index) => own - 903 + index);
    const answers = await inParallel(numbers, 32, (number) =>
      check(service, { app_id: number, client_key: 'another' }),
    );
    const right = await check(service, { client_key: 'another' });
    const other = await check(service, { client_key: 'another' }, '203.0.113.1');
    await service.stop();
    expect(counted(answers.map(({ status }) => String(status)))).toEqual({ 400: 20, 429: 884 });
    expect(right.status).toBe(429);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(other.status).toBe(400);
  });

  it('after 20 refusals of all addresses, an answer and its work show nothing of what is wrong', async () => {
    const service = await limitedService();
    const tokens = async (): Promise<number> =>
      (await system.control.requests(1)).by_route['POST /oauth2/token'] ?? 0;
    const addresses = Array.from({ length: 20 }, (_, index) => `198.51.100.${index + 1}`);
    const explained = await inParallel(addresses, 5, (address) => check(service, { app_id: 1 }, address));
    const invalid = '{"message":"invalid app_id","code":"invalid_app_id"}';
    expect(new Set(explained.map(({ text }) => text))).toEqual(new Set([invalid]));
    const guesses: Readonly<Record<string, object>> = {
      'a wrong app id': { app_id: 1 },
      'a wrong client key': { client_key: 'another' },
      'an unknown key': {},
      'a known key': { external_key: system.key, client_key: system.key },
    };
    const results: unknown[] = [];
    for (const [index, fields] of Object.values(guesses).entries()) {
      const before = await tokens();
      const { status, text } = await check(service, fields, `203.0.113.${index + 1}`);
      results.push({ status, text, asked: (await tokens()) - before });
    }
    // Valid credentials are still accepted.
    const { client_id, client_secret } = await system.control.createMerchant({});
    const valid = await check(service, { client_id, client_secret }, '203.0.113.100');
    await service.stop();
    const text = '{"message":"invalid client credentials","code":"invalid_client_credentials"}';
    const alike = { status: 400, text, asked: 1 };
    expect(results).toEqual(Object.keys(guesses).map(() => alike));
    expect(valid.status).toBe(200);
  });

  it('a health check with only the app id is answered while many other installations run', async () => {
    await system.control.change({ health_check_body: 'app_id' });
    const [service, other] = system.services;
    const consented = await consentOn(
      system.simulator,
      await startInstallation(service, system.simulator, newKey(), SECRET_KEY),
    );
    // Starts without a consent, several for each of 10 keys. Appmax refuses their calls after a second.
    const keys = Array.from({ length: 10 }, newKey);
    const callbacks = await inParallel([...keys, ...keys, ...keys, ...keys], 20, async (key) => {
      const start = await startInstallation(service, system.simulator, key);
      const hash = new URL(start.headers.get('location') ?? '').pathname.split('/').at(-1)!;
      return `${CALLBACK}?token=${hash}`;
    });
    const fault = await system.control.addFault({
      kind: 'drip',
      route: 'POST /app/client/generate',
      when: 'after',
      seconds: 1,
      times: callbacks.length,
    });
    const strangers = Promise.all(callbacks.map((path) => service.send('GET', path)));
    await eventually(async () => {
      const faults = await system.control.faults();
      expect(faults.find(({ id }) => id === fault.id)?.hits ?? callbacks.length).toBe(callbacks.length);
    });
    const finished = await other.send('GET', consented);
    await system.control.change({ health_check_body: 'full' });
    expect(new Set((await strangers).map(({ status }) => status))).toEqual(new Set([422]));
    expect([finished.status, finished.body]).toEqual([200, { external_id: expect.any(String) as string }]);
    const merchants = await system.control.merchants();
    expect(merchants.map((merchant) => merchant.external_id)).toContain(finished.body['external_id']);
  });
});
