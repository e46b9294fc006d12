import { randomBytes } from 'node:crypto';
import type { AppCache } from '../../cache';
import { ApiError } from '../../common/errors/api-error';
import { Sealer } from '../../common/secrets/sealer';
import { type Config, parseConfig } from '../../config';
import { AppmaxFailure, type FailureKind } from '../failures/appmax-failure';
import type { AppmaxCall, AppmaxHttp } from '../http/appmax-http';
import { AppmaxTokens } from './appmax-tokens';
import type { MerchantCredentials } from './credentials';

const APP = { APPMAX_CLIENT_ID: 'app-client', APPMAX_CLIENT_SECRET: 'app-secret' };

/** A fake of Appmax that only issues tokens: `token-1`, `token-2` and so on. */
class FakeAppmax {
  readonly calls: AppmaxCall[] = [];
  lifetime: unknown = 3600;
  failure: AppmaxFailure | undefined;

  async send(call: AppmaxCall): Promise<unknown> {
    this.calls.push(call);
    const access_token = `token-${this.calls.length}`;
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failure !== undefined) throw this.failure;
    return { access_token, token_type: 'Bearer', expires_in: this.lifetime };
  }
}

/** A fake cache on a map. While it is down, it stores and finds nothing. */
class FakeCache {
  readonly entries = new Map<string, { value: unknown; seconds: number }>();
  down = false;

  get(key: string): Promise<unknown> {
    return Promise.resolve(this.down ? undefined : this.entries.get(key)?.value);
  }

  set(key: string, value: unknown, seconds: number): Promise<void> {
    if (!this.down) this.entries.set(key, { value, seconds });
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    if (!this.down) this.entries.delete(key);
    return Promise.resolve();
  }
}

const shop: MerchantCredentials = { installationId: 7, clientId: 'shop-client', clientSecret: 'shop-secret' };
const sealer = new Sealer({ current: randomBytes(32), previous: [] });
const useToken = (token: string): Promise<string> => Promise.resolve(token);
const unauthorized = (text = 'Unauthenticated.'): AppmaxFailure =>
  new AppmaxFailure('unauthorized', 'orders', { status: 401, text });

describe('AppmaxTokens', () => {
  let appmax: FakeAppmax;
  let cache: FakeCache;
  let tokens: AppmaxTokens;

  const tokensWith = (variables: Record<string, string>): AppmaxTokens => {
    const config: Config = parseConfig({ DB_PASSWORD: 'database-password', ...variables });
    return new AppmaxTokens(config, appmax as unknown as AppmaxHttp, cache as unknown as AppCache, sealer);
  };

  beforeEach(() => {
    appmax = new FakeAppmax();
    cache = new FakeCache();
    tokens = tokensWith(APP);
  });

  it('a token is requested with the credentials, as a form', async () => {
    await tokens.withMerchantToken(shop, useToken);
    expect(appmax.calls).toEqual([
      {
        operation: 'oauth2/token',
        circuit: 'tokens',
        method: 'POST',
        url: 'https://auth.sandboxappmax.com.br/oauth2/token',
        // The rest of the ten seconds that a token may take in all.
        seconds: expect.closeTo(10, 0) as number,
        wholeSeconds: 10,
        shop: 'shop-client',
        form: {
          grant_type: 'client_credentials',
          client_id: 'shop-client',
          client_secret: 'shop-secret',
        },
      },
    ]);
  });

  it('the result of the call is returned', async () => {
    const call = jest.fn((token: string) => Promise.resolve(`answer to ${token}`));
    expect(await tokens.withMerchantToken(shop, call)).toBe('answer to token-1');
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('many consecutive calls use one token', async () => {
    for (let turn = 0; turn < 5; turn += 1)
      expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
    expect(appmax.calls).toHaveLength(1);
  });

  it.each([
    ['up', false],
    ['down', true],
  ])('50 simultaneous calls request one token while the cache is %s', async (_, down) => {
    cache.down = down;
    const calls = Array.from({ length: 50 }, () => tokens.withMerchantToken(shop, useToken));
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['token-1']));
    expect(appmax.calls).toHaveLength(1);
  });

  it('a refused token fails all calls that wait for it, and the next call requests another', async () => {
    appmax.failure = new AppmaxFailure('suspended', 'oauth2/token');
    const calls = Array.from({ length: 10 }, () => tokens.withMerchantToken(shop, useToken));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual(calls.map(() => 'rejected'));
    expect(appmax.calls).toHaveLength(1);
    appmax.failure = undefined;
    expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-2');
  });

  it.each<[unknown, number]>([
    [3600, 3540],
    [61, 1],
    ['120', 60],
    [90.9, 30],
  ])('a token with a lifetime of %j seconds is cached a minute less: %d', async (lifetime, seconds) => {
    appmax.lifetime = lifetime;
    await tokens.withMerchantToken(shop, useToken);
    expect([...cache.entries].map(([key, entry]) => [key, entry.seconds])).toEqual([
      ['merchant_token:7', seconds],
    ]);
  });

  it.each<[unknown]>([[60], [60.9], [59], [0], [-1], [null], [undefined], ['soon']])(
    'a token with a lifetime of %j seconds is used but not cached',
    async (lifetime) => {
      appmax.lifetime = lifetime;
      expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
      expect(cache.entries.size).toBe(0);
      expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-2');
    },
  );

  it('without the cache, each call requests a token', async () => {
    cache.down = true;
    expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
    expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-2');
  });

  it('cached tokens are sealed, and the credentials are not cached', async () => {
    await tokens.withMerchantToken(shop, useToken);
    const kept = JSON.stringify([...cache.entries]);
    expect(kept).toContain(sealer.keyId);
    expect(kept).not.toMatch(/token-1|shop-client|shop-secret/);
  });

  it.each([
    ['is not sealed', { token: 'token-0', credentials: 'x' }],
    ['is sealed for another merchant', { sealed: sealer.seal('token-0', ['cache', 'merchant_token:8']) }],
    ['is damaged', { sealed: `s1.${sealer.keyId}.${'x'.repeat(60)}` }],
    ['is no entry of ours', 'token-0'],
  ])('a new token is requested if the cached one %s', async (_, value) => {
    cache.entries.set('merchant_token:7', { value, seconds: 60 });
    expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
    expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
  });

  it.each<[string, MerchantCredentials]>([
    ['client', { ...shop, clientId: 'new-client' }],
    ['secret', { ...shop, clientSecret: 'new-secret' }],
  ])('a cached token is not used after a change of the merchant’s %s', async (_, changed) => {
    expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
    expect(await tokens.withMerchantToken(changed, useToken)).toBe('token-2');
    expect(await tokens.withMerchantToken(changed, useToken)).toBe('token-2');
  });

  it('each merchant and the app have their own tokens, also when requested simultaneously', async () => {
    const other = { installationId: 8, clientId: 'other-client', clientSecret: 'other-secret' };
    const used = await Promise.all([
      tokens.withMerchantToken(shop, useToken),
      tokens.withMerchantToken(other, useToken),
      tokens.withAppToken(useToken),
    ]);
    expect(new Set(used).size).toBe(3);
    expect([...cache.entries.keys()].sort()).toEqual(['app_token', 'merchant_token:7', 'merchant_token:8']);
  });

  describe('when Appmax answers 401 to a call', () => {
    it('after a 401, the call is repeated once with a new token', async () => {
      await tokens.withMerchantToken(shop, useToken);
      const used: string[] = [];
      const answer = await tokens.withMerchantToken(shop, (token) => {
        used.push(token);
        return used.length === 1 ? Promise.reject(unauthorized()) : Promise.resolve('done');
      });
      expect(answer).toBe('done');
      expect(used).toEqual(['token-1', 'token-2']);
      expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-2');
    });

    it('after a second 401, the call fails', async () => {
      const second = unauthorized();
      const call = jest
        .fn<Promise<string>, [string]>()
        .mockRejectedValueOnce(unauthorized())
        .mockRejectedValueOnce(second)
        .mockResolvedValue('too late');
      await expect(tokens.withMerchantToken(shop, call)).rejects.toBe(second);
      expect(call.mock.calls).toEqual([['token-1'], ['token-2']]);
    });

    it('after any 401, a harmless call is repeated', async () => {
      const call = jest
        .fn<Promise<string>, [string]>()
        .mockRejectedValueOnce(unauthorized('Unauthorized'))
        .mockResolvedValueOnce('done');
      expect(await tokens.withMerchantToken(shop, call, 'harmless')).toBe('done');
    });

    it.each([['Payment not authorized'], ['Unauthorized'], ['The card token is invalid']])(
      'a call that may have had an effect is not repeated after the 401 %j, and the next call uses a new token',
      async (text) => {
        const failure = unauthorized(text);
        const call = jest.fn(() => Promise.reject(failure));
        await expect(tokens.withMerchantToken(shop, call, 'never')).rejects.toBe(failure);
        expect(call).toHaveBeenCalledTimes(1);
        expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-2');
      },
    );

    it('a decline with status 401 is not treated as an invalid token', async () => {
      const failure = new AppmaxFailure('declined', 'payments', { status: 401 });
      const call = jest.fn(() => Promise.reject(failure));
      await expect(tokens.withMerchantToken(shop, call, 'never')).rejects.toBe(failure);
      expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
    });

    it('a 401 does not drop a new token that another call has fetched meanwhile', async () => {
      await tokens.withMerchantToken(shop, useToken);
      const fail = (token: string): Promise<string> =>
        token === 'token-1' ? Promise.reject(unauthorized()) : Promise.resolve(token);
      await tokens.withMerchantToken(shop, fail);
      const late = await tokens.withMerchantToken(shop, async (token) => {
        if (token !== 'token-2') return token;
        await tokens.withMerchantToken(shop, (used) =>
          used === 'token-2' ? Promise.reject(unauthorized()) : Promise.resolve(used),
        );
        throw unauthorized();
      });
      expect(late).toBe('token-3');
      expect(appmax.calls).toHaveLength(3);
    });

    it('after a 401 without the cache, the call is repeated with a new token', async () => {
      cache.down = true;
      const call = jest
        .fn<Promise<string>, [string]>()
        .mockRejectedValueOnce(unauthorized())
        .mockResolvedValueOnce('done');
      expect(await tokens.withMerchantToken(shop, call)).toBe('done');
      expect(call.mock.calls).toEqual([['token-1'], ['token-2']]);
    });
  });

  it.each<[FailureKind, number | undefined]>([
    ['declined', 402],
    ['unauthorized', 403],
    ['refused', 404],
    ['rate_limited', 429],
    ['unavailable', undefined],
    ['unknown', 500],
    ['unknown', undefined],
  ])('a call that failed as %s (%s) is not repeated', async (kind, status) => {
    const failure = new AppmaxFailure(kind, 'orders', { status });
    const call = jest.fn(() => Promise.reject(failure));
    await expect(tokens.withMerchantToken(shop, call)).rejects.toBe(failure);
    expect(call).toHaveBeenCalledTimes(1);
    expect(cache.entries.size).toBe(1);
  });

  it('a call that failed on our side is not repeated', async () => {
    const call = jest.fn(() => Promise.reject(new TypeError('ours')));
    await expect(tokens.withMerchantToken(shop, call)).rejects.toThrow('ours');
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('an invalid answer to a token request is a failure with an unknown outcome', async () => {
    const broken = { send: () => Promise.resolve({ token: 'x' }) };
    const config = parseConfig({ DB_PASSWORD: 'database-password' });
    const failing = new AppmaxTokens(
      config,
      broken as unknown as AppmaxHttp,
      cache as unknown as AppCache,
      sealer,
    );
    await expect(failing.withMerchantToken(shop, useToken)).rejects.toMatchObject({ kind: 'unknown' });
    expect(cache.entries.size).toBe(0);
  });

  describe('as the app', () => {
    it('an app’s token is requested with the credentials of the app', async () => {
      expect(await tokens.withAppToken(useToken)).toBe('token-1');
      expect(appmax.calls[0]?.form).toMatchObject({ client_id: 'app-client', client_secret: 'app-secret' });
    });

    it.each<[string, Record<string, string>]>([
      ['client id', { APPMAX_CLIENT_SECRET: 'app-secret' }],
      ['client secret', { APPMAX_CLIENT_ID: 'app-client' }],
    ])('without the %s, a call is answered 503 with the missing variable', async (_, variables) => {
      const call = async (): Promise<string> => tokensWith(variables).withAppToken(useToken);
      await expect(call()).rejects.toEqual(
        new ApiError(503, 'Appmax is not configured yet: set APPMAX_CLIENT_ID and APPMAX_CLIENT_SECRET'),
      );
      expect(appmax.calls).toHaveLength(0);
    });
  });

  describe('accepts', () => {
    it('credentials for which Appmax issues a token are accepted, and the token is not cached', async () => {
      expect(await tokens.accepts(shop)).toBe(true);
      expect(cache.entries.size).toBe(0);
    });

    it.each<[FailureKind, number]>([
      ['unauthorized', 401],
      ['unauthorized', 403],
      ['refused', 400],
      ['refused', 422],
    ])('credentials are not accepted after a failure %s (%d)', async (kind, status) => {
      appmax.failure = new AppmaxFailure(kind, 'oauth2/token', { status });
      expect(await tokens.accepts(shop)).toBe(false);
    });

    it.each<[FailureKind]>([['unavailable'], ['unknown'], ['rate_limited']])(
      'the check of credentials throws while Appmax is %s',
      async (kind) => {
        appmax.failure = new AppmaxFailure(kind, 'oauth2/token');
        await expect(tokens.accepts(shop)).rejects.toBe(appmax.failure);
      },
    );
  });
});
