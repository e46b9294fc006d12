import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import type { SimulatorControl } from '../simulator/control-client';
import { campaign } from './support/campaign';
import { counted, inParallel } from './support/many';
import { freePort } from './support/servers';
import { SECRET_KEY, startService } from './support/service';
import { consent, install } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

const CALLBACK = '/integrations/appmax/callback/install';
const HEALTH_CHECKS = campaign(10_000, 300);

interface Pair {
  readonly client_id: string;
  readonly client_secret: string;
}

interface CallbackAnswer {
  readonly status: number;
  readonly externalId: string | undefined;
}

const invented = (): Pair => ({
  client_id: `client-${randomUUID()}`,
  client_secret: `secret-${randomUUID()}`,
});

describe("Appmax's health check, on two services with one database", () => {
  const agent = new Agent({ connections: 64 });
  let system: TestSystem;
  let control: SimulatorControl;

  beforeAll(async () => {
    system = await startSystem();
    control = system.control;
  });

  afterAll(async () => {
    await agent.destroy();
    await system.stop();
  });

  const newKey = (): string => `shop-${randomUUID()}`;

  /** Creates credentials for which Appmax issues tokens. */
  const real = async (): Promise<Pair> => {
    const { client_id, client_secret } = await control.createMerchant({});
    return { client_id, client_secret };
  };

  const bodyOf = (key: string, pair: Pair): Record<string, unknown> => ({
    app_id: system.simulator.appIdNumeric,
    external_key: key,
    client_key: key,
    ...pair,
  });

  /** Sends a health check to the first service for an even index, to the second for an odd one. */
  const post = async (body: unknown, index: number): Promise<CallbackAnswer> => {
    const answer = await request(`${system.services[index % 2]!.url}${CALLBACK}`, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { external_id: externalId } = (await answer.body.json()) as { external_id?: string };
    return { status: answer.statusCode, externalId };
  };

  const postAll = (key: string, pairs: readonly Pair[]): Promise<CallbackAnswer[]> =>
    Promise.all(pairs.map((pair, index) => post(bodyOf(key, pair), index)));

  const start = async (key: string): Promise<void> => {
    const query = new URLSearchParams({ app_id: system.simulator.appIdUuid, external_key: key }).toString();
    const answer = await system.services[0].send('GET', `/install/start?${query}`, { secretKey: SECRET_KEY });
    expect(answer.status).toBe(302);
  };

  const rows = (key?: string) =>
    system.database.query<Record<string, unknown>>(
      'SELECT * FROM installations WHERE $1::varchar IS NULL OR external_key = $1 ORDER BY id',
      [key ?? null],
    );

  const storedPair = async (key: string): Promise<Pair> => {
    const { body } = await system.services[1].send('GET', `/installations/${key}/merchant/token`, {
      secretKey: SECRET_KEY,
    });
    return {
      client_id: body['merchant_client_id'] as string,
      client_secret: body['merchant_client_secret'] as string,
    };
  };

  const statuses = (answers: readonly CallbackAnswer[]): Record<string, number> =>
    counted(answers.map(({ status }) => String(status)));
  const idsOf = (answers: readonly CallbackAnswer[]): Set<string> =>
    new Set(answers.flatMap(({ externalId }) => externalId ?? []));

  it('of many credentials for a key that was started here, exactly one pair is saved', async () => {
    for (let round = 0; round < 5; round += 1) {
      const key = newKey();
      await start(key);
      const pairs = await Promise.all(Array.from({ length: 40 }, real));
      const answers = await postAll(key, pairs);
      expect(statuses(answers)).toEqual({ 200: 1, 409: 39 });
      const [row, ...others] = await rows(key);
      expect(others).toEqual([]);
      expect(idsOf(answers)).toEqual(new Set([row!['external_id']]));
      // The saved id and secret are of one pair, the one that was answered 200.
      const winner = pairs[answers.findIndex(({ status }) => status === 200)];
      expect(await storedPair(key)).toEqual(winner);
    }
  });

  it('of many credentials for a new key, one pair for which Appmax issues a token is saved', async () => {
    const key = newKey();
    const pairs = await Promise.all(Array.from({ length: 4 }, real));
    const offers = [...pairs, ...pairs, ...pairs, ...Array.from({ length: 12 }, invented)];
    const answers = await postAll(key, offers);
    const stored = await storedPair(key);
    expect(pairs).toContainEqual(stored);
    for (const [index, { status }] of answers.entries()) {
      const isReal = index < 12;
      const isStored = offers[index]!.client_id === stored.client_id;
      // Invented credentials are refused by Appmax, or because the key has been installed meanwhile.
      expect(isReal ? [isStored ? 200 : 409] : [400, 409]).toContain(status);
    }
    expect(idsOf(answers).size).toBe(1);
    expect(await rows(key)).toHaveLength(1);
  });

  it('credentials for which Appmax issues no token are refused, and nothing is saved', async () => {
    const key = newKey();
    const answers = await postAll(key, Array.from({ length: 20 }, invented));
    expect(statuses(answers)).toEqual({ 400: 20 });
    expect(await rows(key)).toEqual([]);
  });

  it('after many invented keys, an address is refused for a while without a call to Appmax', async () => {
    const limited = await startService({
      ...system.environment,
      APP_PORT: String(await freePort()),
      CACHE_DRIVER: 'memory',
      RATE_LIMIT: 'on',
    });
    const asked = async (): Promise<number> => (await control.requests(1)).total;
    const before = await asked();
    const answers = await inParallel(Array.from({ length: 200 }), 50, () =>
      limited.send('POST', CALLBACK, { body: bodyOf(newKey(), invented()) }),
    );
    await limited.stop();
    expect(counted(answers.map(({ status }) => String(status)))).toEqual({ 400: 20, 429: 180 });
    expect((await asked()) - before).toBe(20);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('a health check with the credentials of the installed key changes nothing', async () => {
    const key = newKey();
    await install(system.services[0], system.simulator, key);
    const [before, pair] = [await rows(key), await storedPair(key)];
    const answers = await postAll(
      key,
      Array.from({ length: 40 }, () => pair),
    );
    expect(statuses(answers)).toEqual({ 200: 40 });
    expect(idsOf(answers)).toEqual(new Set([before[0]!['external_id']]));
    expect(await rows(key)).toEqual(before);
  });

  it('when an installed key is started again, one pair is saved and the external_id stays', async () => {
    const key = newKey();
    await install(system.services[0], system.simulator, key);
    const [before] = await rows(key);
    await start(key);
    const pairs = await Promise.all(Array.from({ length: 40 }, real));
    const answers = await postAll(key, pairs);
    expect(statuses(answers)).toEqual({ 200: 1, 409: 39 });
    expect(idsOf(answers)).toEqual(new Set([before!['external_id']]));
    expect(await storedPair(key)).toEqual(pairs[answers.findIndex(({ status }) => status === 200)]);
    // The start is consumed.
    expect(await post(bodyOf(key, await real()), 0)).toMatchObject({ status: 409 });
  });

  it('other valid credentials for an installed key are refused', async () => {
    const key = newKey();
    await install(system.services[0], system.simulator, key);
    const before = await rows(key);
    const answers = await postAll(key, await Promise.all(Array.from({ length: 40 }, real)));
    expect(statuses(answers)).toEqual({ 409: 40 });
    expect(await rows(key)).toEqual(before);
  });

  it('of health checks during the browser callback, the credentials that Appmax generates are kept', async () => {
    for (let round = 0; round < 5; round += 1) {
      const key = newKey();
      const callback = await consent(system.services[0], system.simulator, key);
      const strangers = await Promise.all(Array.from({ length: 6 }, real));
      const [finished] = await Promise.all([
        system.services[1].send('GET', callback),
        postAll(key, strangers),
      ]);
      expect(finished.status).toBe(200);
      const [row, ...others] = await rows(key);
      expect(others).toEqual([]);
      expect(row!['external_id']).toBe(finished.body['external_id']);
      const stored = await storedPair(key);
      expect(strangers).not.toContainEqual(stored);
      const merchants = await control.merchants();
      expect(merchants.find(({ external_key }) => external_key === key)).toMatchObject({
        client_ids: [stored.client_id],
      });
    }
  });

  it(`${HEALTH_CHECKS} health checks from strangers change no credential and no external_id`, async () => {
    const keys = Array.from({ length: 25 }, newKey);
    for (const key of keys) await install(system.services[0], system.simulator, key);
    const own = await Promise.all(keys.map(storedPair));
    const theirs = await Promise.all(Array.from({ length: 10 }, real));
    const free = Array.from({ length: 10 }, newKey);
    const before = await rows();
    const fields = (key: string, changes: object): unknown => ({ ...bodyOf(key, invented()), ...changes });
    /** The kinds of health checks, with their allowed statuses. */
    const kinds: readonly [(index: number) => unknown, readonly number[]][] = [
      [(index) => bodyOf(keys[index % 25]!, theirs[index % 10]!), [409]],
      [(index) => bodyOf(keys[index % 25]!, invented()), [409]],
      [(index) => bodyOf(keys[index % 25]!, own[index % 25]!), [200]],
      [(index) => bodyOf(keys[index % 25]!, { ...own[index % 25]!, client_secret: 'guessed' }), [409]],
      [(index) => bodyOf(keys[index % 25]!, own[(index + 1) % 25]!), [409]],
      [() => bodyOf(newKey(), invented()), [400]],
      [(index) => bodyOf(free[index % 10]!, theirs[index % 10]!), [200]],
      [(index) => fields(keys[index % 25]!, { app_id: '1' }), [400]],
      [(index) => fields(keys[index % 25]!, { client_key: 'another' }), [400]],
      [(index) => ({ app_id: system.simulator.appIdNumeric, external_key: keys[index % 25] }), [400]],
    ];
    const order = Array.from({ length: HEALTH_CHECKS }, (_, index) => index).sort(
      (a, b) => ((a * 7_919) % 10_007) - ((b * 7_919) % 10_007),
    );
    const wrong: unknown[] = [];
    await inParallel(order, 64, async (index) => {
      const [body, expected] = kinds[index % kinds.length]!;
      const { status } = await post(body(Math.floor(index / kinds.length)), index);
      if (!expected.includes(status)) wrong.push([index % kinds.length, status]);
    });
    expect(wrong).toEqual([]);
    const after = await rows();
    expect(after.slice(0, before.length)).toEqual(before);
    // Each free key was installed exactly once, by the first valid credentials.
    expect(
      after
        .slice(before.length)
        .map((row) => row['external_key'])
        .sort(),
    ).toEqual([...free].sort());
  }, 400_000);
});
