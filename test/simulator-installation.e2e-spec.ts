import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from './support/eventually';
import { type Answer } from './support/http';
import { at, SimulatorMerchant } from './support/simulator-merchant';
import { externalId, SimulatorWorld } from './support/simulator-world';

const callbackUrl = 'http://127.0.0.1:8080/integrations/appmax/callback/install?from=test';

describe.each(['g1', 'g2'] as const)('installation on the simulator, %s', (api) => {
  let world: SimulatorWorld;
  beforeAll(async () => (world = await SimulatorWorld.start(api)));
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  async function authorize(body: object = {}): Promise<Answer> {
    const app_id = world.environment.SIMULATOR_APP_ID_UUID;
    const request = { app_id, external_key: 'minha-loja', url_callback: callbackUrl, ...body };
    return world.call('POST', '/app/authorize', { token: await world.appToken(), body: request });
  }
  async function startedHash(): Promise<string> {
    return at(await authorize(), 'data.token') as string;
  }
  const consent = (hash: string, form = new URLSearchParams()): Promise<Answer> =>
    world.call('POST', `/sandbox/appstore/integration/${hash}`, { body: form });
  async function generate(token: string): Promise<Answer> {
    return world.call('POST', '/app/client/generate', { token: await world.appToken(), body: { token } });
  }
  const created = api === 'g1' ? 200 : 201;

  describe('POST /oauth2/token', () => {
    it('valid credentials get a bearer token for an hour', async () => {
      const { SIMULATOR_CLIENT_ID, SIMULATOR_CLIENT_SECRET } = world.environment;
      const answer = await world.askToken(SIMULATOR_CLIENT_ID, SIMULATOR_CLIENT_SECRET);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        access_token: expect.any(String) as string,
        token_type: 'Bearer',
        expires_in: 3600,
      });
    });

    it('wrong credentials are refused with invalid_client', async () => {
      const answer = await world.askToken(world.environment.SIMULATOR_CLIENT_ID, 'wrong');
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual({
        error: 'invalid_client',
        error_description: expect.any(String) as string,
      });
    });

    it('only a form with client credentials is accepted', async () => {
      const { SIMULATOR_CLIENT_ID: client_id, SIMULATOR_CLIENT_SECRET: client_secret } = world.environment;
      const body = { grant_type: 'client_credentials', client_id, client_secret };
      expect((await world.call('POST', '/oauth2/token', { body })).body).toMatchObject({
        error: 'invalid_request',
      });
      const refresh = await world.askToken(client_id, client_secret, 'refresh_token');
      expect(refresh.body).toMatchObject({ error: 'unsupported_grant_type' });
    });

    it('an app’s token is valid only for installation calls, a merchant’s token only for /v1', async () => {
      const merchant = await SimulatorMerchant.create(world);
      expect((await world.call('GET', '/v1/orders/1', { token: await world.appToken() })).status).toBe(401);
      expect((await merchant.post('/app/authorize', {})).status).toBe(401);
      expect((await world.call('POST', '/v1/orders', { body: {} })).status).toBe(401);
      expect((await world.call('POST', '/v1/orders', { token: 'nonsense', body: {} })).status).toBe(401);
    });

    it('an expired token is refused', async () => {
      await world.control.change({ token_expires_in: 1 });
      const merchant = await SimulatorMerchant.create(world);
      expect((await merchant.get('/v1/orders/1')).status).toBe(404);
      await wait(1100);
      expect((await merchant.get('/v1/orders/1')).status).toBe(401);
    });
  });

  describe('POST /app/authorize', () => {
    it('a valid call is answered with a hash', async () => {
      const answer = await authorize();
      expect(answer.status).toBe(created);
      expect(answer.body).toEqual({ data: { token: expect.stringMatching(/^[0-9a-f]{40}$/) as string } });
    });

    it.each<[string, () => object]>([
      ['the numeric app id', () => ({ app_id: world.environment.SIMULATOR_APP_ID_NUMERIC })],
      ['another app’s UUID', () => ({ app_id: '11111111-1111-4111-8111-111111111111' })],
      ['no external_key', () => ({ external_key: '' })],
      ['an external_key of 256 characters', () => ({ external_key: 'x'.repeat(256) })],
      ['no callback', () => ({ url_callback: 'nowhere' })],
    ])('%s is answered 422', async (_what, body) => {
      expect((await authorize(body())).status).toBe(422);
    });
  });

  describe('the consent page', () => {
    it('the consent redirects the browser to url_callback?token=HASH', async () => {
      const hash = await startedHash();
      const page = await world.call('GET', `/sandbox/appstore/integration/${hash}`);
      expect(page.status).toBe(200);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(page.text).toContain('minha-loja');
      const answer = await consent(
        hash,
        new URLSearchParams({ email: 'dona@example.com', store_name: 'Loja Centro' }),
      );
      expect(answer.status).toBe(302);
      expect(answer.headers.get('location')).toBe(`${callbackUrl}&token=${hash}`);
      expect((await world.control.merchants())[0]).toMatchObject({ store_name: 'Loja Centro' });
    });

    it('a POST without fields is accepted', async () => {
      const hash = await startedHash();
      const answer = await world.call('POST', `/sandbox/appstore/integration/${hash}`);
      expect(answer.headers.get('location')).toBe(`${callbackUrl}&token=${hash}`);
    });

    it('an unknown hash is refused', async () => {
      expect((await world.call('GET', '/sandbox/appstore/integration/abc')).status).toBe(404);
      expect((await consent('abc')).status).toBe(404);
    });
  });

  describe('POST /app/client/generate', () => {
    it('the generated credentials are valid for a merchant’s token', async () => {
      const hash = await startedHash();
      await consent(hash);
      const answer = await generate(hash);
      expect(answer.status).toBe(created);
      const client_id = at(answer, 'data.client.client_id') as string;
      const client_secret = at(answer, 'data.client.client_secret') as string;
      const token = await world.token(client_id, client_secret);
      expect((await world.call('GET', '/v1/orders/1', { token })).status).toBe(404);
    });

    it.each([
      ['unknown', (): Promise<string> => Promise.resolve('0'.repeat(40))],
      ['not authorised by the merchant yet', startedHash],
      [
        'used',
        async (): Promise<string> => {
          const hash = await startedHash();
          await consent(hash);
          await generate(hash);
          return hash;
        },
      ],
      [
        'expired',
        async (): Promise<string> => {
          const hash = await startedHash();
          await consent(hash);
          await world.control.advanceClock(3601);
          return hash;
        },
      ],
    ])('a hash that is %s is answered 422', async (_what, prepare) => {
      expect((await generate(await prepare())).status).toBe(422);
    });

    it('of two simultaneous calls with one hash, only one succeeds', async () => {
      const hash = await startedHash();
      await consent(hash);
      const statuses = (await Promise.all([generate(hash), generate(hash)])).map(({ status }) => status);
      expect(statuses.sort()).toEqual([created, 422]);
    });

    it('credentials are valid until the merchant uninstalls', async () => {
      const merchant = await SimulatorMerchant.create(world);
      await world.control.uninstall(merchant.externalKey);
      expect((await merchant.get('/v1/orders/1')).status).toBe(401);
    });
  });

  describe('the health check', () => {
    if (api === 'g1') {
      it.each(['beside', 'before', 'after'] as const)(
        'the health check comes %s the redirect, with the app id as text',
        async (when) => {
          await world.control.change({ health_check: when });
          const hash = await startedHash();
          await consent(hash);
          if (when === 'before') expect(world.healthChecks()).toHaveLength(1);
          await eventually(async () => {
            await wait(1);
            expect(world.healthChecks()).toHaveLength(1);
          });
          const credentials = at(await generate(hash), 'data.client') as object;
          expect(world.healthChecks()).toHaveLength(1);
          expect(world.healthChecks()[0]?.body).toEqual({
            app_id: world.environment.SIMULATOR_APP_ID_NUMERIC,
            external_key: 'minha-loja',
            client_key: 'minha-loja',
            ...credentials,
          });
        },
      );
      return;
    }

    it('the health check comes while generate waits, with the app id as a number', async () => {
      const hash = await startedHash();
      await consent(hash);
      expect(world.healthChecks()).toEqual([]);
      const credentials = at(await generate(hash), 'data.client') as object;
      expect(world.healthChecks()[0]?.body).toEqual({
        app_id: Number(world.environment.SIMULATOR_APP_ID_NUMERIC),
        external_key: 'minha-loja',
        client_key: 'minha-loja',
        ...credentials,
      });
      expect((await world.control.merchants())[0]).toMatchObject({ external_id: externalId });
    });

    it('the health check may have only the app id', async () => {
      await world.control.change({ health_check_body: 'app_id' });
      const hash = await startedHash();
      await consent(hash);
      expect((await generate(hash)).status).toBe(201);
      expect(Object.keys(world.healthChecks()[0]?.body ?? {})).toEqual(['app_id']);
    });

    it.each<[string, number, unknown, Record<string, string>]>([
      ['201 instead of 200', 201, { external_id: externalId }, {}],
      ['a redirect, which is not followed', 302, {}, { location: '/elsewhere' }],
      ['500', 500, {}, {}],
      ['no external_id', 200, { message: 'ok' }, {}],
      ['an external_id that is no UUID v4', 200, { external_id: '123' }, {}],
    ])('generate fails with 500 on %s, and can be repeated', async (_what, status, body, headers) => {
      const hash = await startedHash();
      await consent(hash);
      world.callback = { status, body, headers };
      expect((await generate(hash)).status).toBe(500);
      world.callback = { status: 200, body: { external_id: externalId } };
      expect((await generate(hash)).status).toBe(201);
    });

    it('generate fails with 500 without an answer within 5 seconds', async () => {
      const hash = await startedHash();
      await consent(hash);
      world.callback = undefined;
      const startedAt = Date.now();
      expect((await generate(hash)).status).toBe(500);
      expect(Date.now() - startedAt).toBeGreaterThanOrEqual(4900);
    });
  });
});
