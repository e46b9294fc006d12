import { randomUUID } from 'node:crypto';
import { SimulatorControl } from '../simulator/control-client';
import { codeOf } from '../src/common/errors/api-error';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { freePort } from './support/servers';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { consent, consentOn, install, startInstallation } from './support/shop';
import { startSimulator, type TestSimulator } from './support/simulator';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const CALLBACK = '/integrations/appmax/callback/install';

interface InstallationRow {
  external_key: string;
  external_id: string;
  app_id: string;
  merchant_client_id: string;
  merchant_client_secret: string;
}

describe.each(['g1', 'g2'] as const)('Installing the app, with Appmax answering as %s', (api) => {
  let database: TestDatabase;
  let simulator: TestSimulator;
  let control: SimulatorControl;
  let service: TestService;

  beforeAll(async () => {
    [database, simulator] = await Promise.all([createDatabase(), startSimulator({ api })]);
    control = new SimulatorControl(simulator.url);
    service = await startService({ ...database.environment, ...simulator.environment });
  });

  afterAll(async () => {
    await service.stop();
    await Promise.all([simulator.stop(), database.drop()]);
  });

  afterEach(async () => {
    await control.clearFaults();
    await control.change({ health_check: 'beside' });
  });

  const newKey = (): string => `shop-${randomUUID()}`;

  const rows = (key: string): Promise<InstallationRow[]> =>
    database.query<InstallationRow>('SELECT * FROM installations WHERE external_key = $1', [key]);

  const start = (parameters: Record<string, string>, secretKey?: string) =>
    service.send(
      'GET',
      `/install/start?${new URLSearchParams(parameters).toString()}`,
      secretKey === undefined ? {} : { secretKey },
    );

  /** Sends a health check as Appmax does, with invented credentials unless `fields` has others. */
  const healthCheck = (key: string, fields: Record<string, unknown> = {}) =>
    service.send('POST', CALLBACK, {
      body: {
        app_id: simulator.appIdNumeric,
        external_key: key,
        client_key: key,
        client_id: 'someone',
        client_secret: 'something',
        ...fields,
      },
    });

  const credentialsOf = async (key: string): Promise<{ client_id: unknown; client_secret: unknown }> => {
    const { body } = await service.send('GET', `/installations/${key}/merchant/token`, {
      secretKey: SECRET_KEY,
    });
    return { client_id: body['merchant_client_id'], client_secret: body['merchant_client_secret'] };
  };

  it("a start redirects the merchant to Appmax's consent page", async () => {
    const answer = await start({ app_id: simulator.appIdUuid, external_key: newKey() });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toMatch(`${simulator.url}/sandbox/appstore/integration/`);
  });

  it.each([
    ['app_id is required', {}],
    ['app_id is required', { external_key: 'shop' }],
    ['invalid app_id', { app_id: randomUUID(), external_key: 'shop' }],
  ])('a start is refused with: %s', async (message, parameters) => {
    const answer = await start(parameters);
    expect([answer.status, answer.body]).toEqual([400, { message, code: codeOf(message) }]);
  });

  it('a start without an external_key, or with one that is too long, is refused', async () => {
    const without = await start({ app_id: simulator.appIdUuid });
    const tooLong = await start({ app_id: simulator.appIdUuid, external_key: 'x'.repeat(256) });
    expect(without.body).toEqual({ message: 'external_key is required', code: 'external_key_is_required' });
    expect([tooLong.status, tooLong.body]).toEqual([
      400,
      { message: 'invalid external_key', code: 'invalid_external_key' },
    ]);
  });

  it('an installation through the browser gives the same external_id on both paths', async () => {
    const key = newKey();
    const answer = await install(service, simulator, key);
    expect(answer.status).toBe(200);
    expect(answer.body['external_id']).toMatch(UUID);
    const [row, ...others] = await rows(key);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ external_key: key, external_id: answer.body['external_id'] });
    await eventually(async () => {
      const merchants = await simulator.send('GET', '/_simulator/merchants');
      expect(merchants.text).toContain(answer.body['external_id'] as string);
    });
  });

  it('a browser gets a page where other clients get JSON', async () => {
    const callback = await consent(service, simulator, newKey());
    const answer = await service.send('GET', callback, { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.text).toContain('The installation is done');
  });

  it('a hash can be used once', async () => {
    const callback = await consent(service, simulator, newKey());
    const answers = await Promise.all([1, 2, 3, 4].map(() => service.send('GET', callback)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers.filter(({ body }) => typeof body['external_id'] === 'string')).toHaveLength(1);
    expect((await service.send('GET', callback)).body).toEqual({ message: 'installation confirmed' });
  });

  it('a second installation keeps the external_id and replaces the credentials', async () => {
    const key = newKey();
    const first = await install(service, simulator, key);
    const before = await credentialsOf(key);
    const second = await install(service, simulator, key);
    expect(second.body).toEqual(first.body);
    expect(await credentialsOf(key)).not.toEqual(before);
  });

  it('a second installation is answered 502 and changes nothing when Appmax gives no credentials', async () => {
    const key = newKey();
    await install(service, simulator, key);
    const before = await rows(key);
    await control.change({ health_check: 'off' });
    const again = await startInstallation(service, simulator, key, SECRET_KEY);
    const callback = await consentOn(simulator, again);
    await control.addFault({ kind: 'status', status: 500, route: 'POST /app/client/generate' });
    expect((await service.send('GET', callback)).status).toBe(502);
    expect(await rows(key)).toEqual(before);
  });

  it('the installation of an installed key can be started only with a secret key', async () => {
    const key = newKey();
    await install(service, simulator, key);
    const answer = await start({ app_id: simulator.appIdUuid, external_key: key });
    expect([answer.status, answer.body]).toEqual([401, { message: 'unauthorized', code: 'unauthorized' }]);
    expect((await start({ app_id: simulator.appIdUuid, external_key: key }, SECRET_KEY)).status).toBe(302);
  });

  it('a public start changes nothing once its key was installed through another start', async () => {
    const key = newKey();
    const stale = await Promise.all([1, 2].map(() => startInstallation(service, simulator, key)));
    const own = await startInstallation(service, simulator, key);
    const installed = await service.send('GET', await consentOn(simulator, own));
    expect(installed.body['external_id']).toMatch(UUID);
    const credentials = await credentialsOf(key);
    const late = await service.send('GET', await consentOn(simulator, stale[0]!));
    expect([late.status, late.body]).toEqual([200, { message: 'installation confirmed' }]);
    expect(await credentialsOf(key)).toEqual(credentials);

    // The same while a start with a secret key is open.
    await control.change({ health_check: 'off' });
    const again = await startInstallation(service, simulator, key, SECRET_KEY);
    await service.send('GET', await consentOn(simulator, stale[1]!));
    expect(await credentialsOf(key)).toEqual(credentials);
    const finished = await service.send('GET', await consentOn(simulator, again));
    expect(finished.body).toEqual(installed.body);
    expect(await credentialsOf(key)).not.toEqual(credentials);
  });

  it('of several public starts of a key, only the first callback installs it', async () => {
    await control.change({ health_check: 'off' });
    const key = newKey();
    const starts = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(() => startInstallation(service, simulator, key)),
    );
    const callbacks = await Promise.all(starts.map((each) => consentOn(simulator, each)));
    const answers = await Promise.all(callbacks.map((callback) => service.send('GET', callback)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const [row] = await rows(key);
    const ids = answers.flatMap(({ body }) => (body['external_id'] as string | undefined) ?? []);
    expect(ids).toEqual([row!.external_id]);
  });

  it('a public start during which its key was installed is refused, and so is its health check', async () => {
    const key = newKey();
    const { id } = await control.addFault({
      kind: 'drip',
      route: 'POST /app/authorize',
      when: 'after',
      seconds: 10,
    });
    const slow = startInstallation(service, simulator, key);
    await eventually(async () => {
      expect((await control.faults()).find((fault) => fault.id === id)?.hits).toBe(1);
    });
    await install(service, simulator, key);
    const credentials = await credentialsOf(key);
    expect((await slow).status).toBe(401);
    const { client_id, client_secret } = await control.createMerchant({});
    expect((await healthCheck(key, { client_id, client_secret })).status).toBe(409);
    expect(await credentialsOf(key)).toEqual(credentials);
  });

  it('a callback without a hash is answered 400, and one with an unknown hash 200', async () => {
    const without = await service.send('GET', CALLBACK);
    const unknown = await service.send('GET', `${CALLBACK}?token=nobody-knows-it`);
    expect([without.status, without.body]).toEqual([
      400,
      { message: 'token is required', code: 'token_is_required' },
    ]);
    expect([unknown.status, unknown.body]).toEqual([200, { message: 'installation confirmed' }]);
  });

  it('a callback without consent is answered with the error of Appmax, and nothing is saved', async () => {
    const key = newKey();
    const answer = await start({ app_id: simulator.appIdUuid, external_key: key });
    const hash = new URL(answer.headers.get('location')!).pathname.split('/').at(-1)!;
    const finished = await service.send('GET', `${CALLBACK}?token=${hash}`);
    expect(finished.status).toBe(422);
    expect(typeof finished.body['message']).toBe('string');
    expect(await rows(key)).toEqual([]);
  });

  describe('A health check without a start', () => {
    it.each([
      ['that is not an object', [], 'invalid request body'],
      [
        'that is empty',
        {},
        'app_id, external_key, client_key, merchant_client_id and merchant_client_secret are required',
      ],
      [
        'with nothing but another app_id',
        { app_id: '999999999' },
        'app_id, external_key, client_key, merchant_client_id and merchant_client_secret are required',
      ],
    ])('a health check %s is refused', async (_, body, message) => {
      const answer = await service.send('POST', CALLBACK, { body });
      expect([answer.status, answer.body['message']]).toEqual([400, message]);
    });

    it('credentials for which Appmax issues no token are refused', async () => {
      const key = newKey();
      const answer = await healthCheck(key);
      expect([answer.status, answer.body]).toEqual([
        400,
        { message: 'invalid client credentials', code: 'invalid_client_credentials' },
      ]);
      expect(await rows(key)).toEqual([]);
    });

    it.each([
      ['another app_id', { app_id: '999999999' }, 'invalid app_id'],
      ['another client_key', { client_key: 'another' }, 'invalid client_key'],
      ['a secret that is too long', { client_secret: 'x'.repeat(348) }, 'invalid request body'],
      ['an object for a key', { external_key: {}, client_key: {} }, 'invalid request body'],
    ])('a health check with %s is refused', async (_, fields, message) => {
      const answer = await healthCheck(newKey(), fields);
      expect([answer.status, answer.body['message']]).toEqual([400, message]);
    });

    it('an app_id may be a number or a string, and valid credentials are saved', async () => {
      const known = newKey();
      await install(service, simulator, known);
      const real = await credentialsOf(known);
      for (const appId of [simulator.appIdNumeric, Number(simulator.appIdNumeric)]) {
        const key = newKey();
        const answer = await healthCheck(key, { app_id: appId, ...real });
        expect(answer.status).toBe(200);
        expect(await rows(key)).toMatchObject([
          { app_id: simulator.appIdNumeric, external_id: answer.body['external_id'] },
        ]);
      }
    });

    it('the same credentials get the same external_id, and others are answered 409', async () => {
      const key = newKey();
      const installed = await install(service, simulator, key);
      const before = await credentialsOf(key);
      const same = await healthCheck(key, before);
      const others = await healthCheck(key);
      expect([same.status, same.body]).toEqual([200, installed.body]);
      expect([others.status, others.body]).toEqual([
        409,
        { message: 'installation already exists', code: 'installation_already_exists' },
      ]);
      expect(await credentialsOf(key)).toEqual(before);
    });
  });

  it('a health check during an installation that was started with a secret key saves its credentials', async () => {
    const key = newKey();
    await start({ app_id: simulator.appIdUuid, external_key: key }, SECRET_KEY);
    const bare = await service.send('POST', CALLBACK, {
      body: { app_id: simulator.appIdNumeric, external_key: key },
    });
    const whole = await healthCheck(key);
    expect([bare.status, whole.status]).toEqual([200, 200]);
    expect(whole.body).toEqual(bare.body);
    expect(await rows(key)).toMatchObject([{ external_id: whole.body['external_id'] }]);
  });

  it('a health check during an installation that anyone started needs credentials that Appmax accepts', async () => {
    const key = newKey();
    await start({ app_id: simulator.appIdUuid, external_key: key });
    const bare = await service.send('POST', CALLBACK, {
      body: { app_id: simulator.appIdNumeric, external_key: key },
    });
    const invented = await healthCheck(key);
    expect([bare.status, invented.status]).toEqual([400, 400]);
    expect(invented.body).toEqual({
      message: 'invalid client credentials',
      code: 'invalid_client_credentials',
    });
    expect(await rows(key)).toEqual([]);
    const { client_id, client_secret } = await control.createMerchant({});
    const real = await healthCheck(key, { client_id, client_secret });
    expect(real.status).toBe(200);
    expect(await rows(key)).toMatchObject([{ external_id: real.body['external_id'] }]);
  });

  it('while Appmax issues no tokens, a health check of a started key is acknowledged and saves nothing', async () => {
    const key = newKey();
    await start({ app_id: simulator.appIdUuid, external_key: key });
    await control.addFault({ kind: 'status', route: 'POST /oauth2/token', times: null });
    const [acknowledged, other] = await Promise.all([healthCheck(key), healthCheck(newKey())]);
    expect([acknowledged.status, other.status]).toEqual([200, 502]);
    expect(acknowledged.body['external_id']).toMatch(UUID);
    expect(await rows(key)).toEqual([]);
  });

  it("the merchant's token needs a secret key", async () => {
    const key = newKey();
    await install(service, simulator, key);
    const path = `/installations/${key}/merchant/token`;
    const without = await service.send('GET', path);
    const wrong = await service.send('GET', path, { secretKey: 'sk_test_wrong_wrong_wrong' });
    const right = await service.send('GET', path, { secretKey: SECRET_KEY });
    expect([without.status, without.body]).toEqual([401, { message: 'unauthorized', code: 'unauthorized' }]);
    expect(without.headers.get('www-authenticate')).toContain('Bearer');
    expect(wrong.status).toBe(401);
    const { client_id, client_secret } = await credentialsOf(key);
    expect([right.status, right.body]).toEqual([
      200,
      {
        merchant_bearer_token: expect.any(String) as string,
        external_key: key,
        merchant_client_id: client_id,
        merchant_client_secret: client_secret,
      },
    ]);
  });

  it('without a secret key, an unknown installation is answered 401, not 404', async () => {
    const path = `/installations/${newKey()}/merchant/token`;
    expect((await service.send('GET', path)).status).toBe(401);
    const answer = await service.send('GET', path, { secretKey: SECRET_KEY });
    expect([answer.status, answer.body]).toEqual([
      404,
      { message: 'installation not found', code: 'installation_not_found' },
    ]);
  });

  it('simultaneous requests fetch one token', async () => {
    // If the cache is slower than its timeout, it is skipped and a second token is fetched. Hence the retries.
    await eventually(async () => {
      const key = newKey();
      await install(service, simulator, key);
      const tokens = await Promise.all(
        Array.from({ length: 20 }, () =>
          service.send('GET', `/installations/${key}/merchant/token`, { secretKey: SECRET_KEY }),
        ),
      );
      expect(new Set(tokens.map(({ body }) => body['merchant_bearer_token'])).size).toBe(1);
    }, 30);
  });
});

describe('Two services on one database', () => {
  it('simultaneous installations of a merchant by both paths make one row', async () => {
    const [database, simulator] = await Promise.all([createDatabase(), startSimulator({ api: 'g1' })]);
    const environment = { ...database.environment, ...simulator.environment };
    const services = [
      await startService(environment),
      await startService({ ...environment, APP_PORT: String(await freePort()) }),
    ] as const;
    try {
      const keys = Array.from({ length: 10 }, () => `shop-${randomUUID()}`);
      const answers = await Promise.all(
        keys.map(async (key) => {
          // The health check reaches the first service while the browser's callback reaches the second.
          const callback = await consent(services[0], simulator, key);
          return services[1].send('GET', callback);
        }),
      );
      const installed = await database.query<InstallationRow>('SELECT * FROM installations ORDER BY id');
      expect(installed).toHaveLength(keys.length);
      // On a busy machine the cache may be too slow for a callback; then only the health check installs.
      const externalIds = answers.map(({ body }) => body['external_id']);
      expect(externalIds.filter((externalId) => externalId !== undefined).length).toBeGreaterThan(0);
      for (const [index, key] of keys.entries()) {
        const row = installed.find(({ external_key }) => external_key === key);
        expect(externalIds[index] ?? row?.external_id).toBe(row?.external_id);
      }
    } finally {
      await Promise.all(services.map((service) => service.stop()));
      await Promise.all([simulator.stop(), database.drop()]);
    }
  });
});
