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

/** As much of Appmax as gives tokens: `token-1`, `token-2` and so on. */
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

/** The cache on a map; a cache that is down keeps and finds nothing. */
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

  it('asks for a token with the credentials, as a form', async () => {
    await tokens.withMerchantToken(shop, useToken);
    expect(appmax.calls).toEqual([
      {
        operation: 'oauth2/token',
        circuit: 'tokens',
        method: 'POST',
        url: 'https://auth.appmax.com.br/oauth2/token',
        // What is left of the ten seconds that it may take in all.
        seconds: expect.closeTo(10, 0) as number,
        form: {
          grant_type: 'client_credentials',
          client_id: 'shop-client',
          client_secret: 'shop-secret',
        },
      },
    ]);
  });

  it('answers what the call answers', async () => {
    const call = jest.fn((token: string) => Promise.resolve(`answer to ${token}`));
    expect(await tokens.withMerchantToken(shop, call)).toBe('answer to token-1');
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('uses one token for many calls, one after another', async () => {
    for (let turn = 0; turn < 5; turn += 1)
      expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
    expect(appmax.calls).toHaveLength(1);
  });

  it.each([
    ['up', false],
    ['down', true],
  ])('asks for one token for 50 calls at once while the cache is %s', async (_, down) => {
    cache.down = down;
    const calls = Array.from({ length: 50 }, () => tokens.withMerchantToken(shop, useToken));
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['token-1']));
    expect(appmax.calls).toHaveLength(1);
  });

  it('fails all of the calls that wait for a token which is refused, and asks again for the next', async () => {
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
  ])('keeps a token that lives for %j seconds a minute less: %d', async (lifetime, seconds) => {
    appmax.lifetime = lifetime;
    await tokens.withMerchantToken(shop, useToken);
    expect([...cache.entries].map(([key, entry]) => [key, entry.seconds])).toEqual([
      ['merchant_token:7', seconds],
    ]);
  });

  it.each<[unknown]>([[60], [60.9], [59], [0], [-1], [null], [undefined], ['soon']])(
    'uses a token that lives for %j seconds and does not keep it',
    async (lifetime) => {
      appmax.lifetime = lifetime;
      expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
      expect(cache.entries.size).toBe(0);
      expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-2');
    },
  );

  it('works without the cache, at the price of a token each time', async () => {
    cache.down = true;
    expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
    expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-2');
  });

  it('keeps tokens sealed, and nothing of the credentials beside them', async () => {
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
  ])('fetches a token where what is cached %s', async (_, value) => {
    cache.entries.set('merchant_token:7', { value, seconds: 60 });
    expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
    expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
  });

  it.each<[string, MerchantCredentials]>([
    ['client', { ...shop, clientId: 'new-client' }],
    ['secret', { ...shop, clientSecret: 'new-secret' }],
  ])('does not use the token of a merchant once their %s is another', async (_, changed) => {
    expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
    expect(await tokens.withMerchantToken(changed, useToken)).toBe('token-2');
    expect(await tokens.withMerchantToken(changed, useToken)).toBe('token-2');
  });

  it('gives merchants and the app tokens of their own, also at once', async () => {
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
    it('drops the token and makes the call once more with a new one', async () => {
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

    it('throws the second 401 and makes no third call', async () => {
      const second = unauthorized();
      const call = jest
        .fn<Promise<string>, [string]>()
        .mockRejectedValueOnce(unauthorized())
        .mockRejectedValueOnce(second)
        .mockResolvedValue('too late');
      await expect(tokens.withMerchantToken(shop, call)).rejects.toBe(second);
      expect(call.mock.calls).toEqual([['token-1'], ['token-2']]);
    });

    it('repeats a harmless call whatever Appmax says', async () => {
      const call = jest
        .fn<Promise<string>, [string]>()
        .mockRejectedValueOnce(unauthorized('Unauthorized'))
        .mockResolvedValueOnce('done');
      expect(await tokens.withMerchantToken(shop, call, 'harmless')).toBe('done');
    });

    it.each([['Payment not authorized'], ['Unauthorized'], ['The card token is invalid']])(
      'does not repeat a call that may have had its effect where Appmax says %j, and uses a new token next time',
      async (text) => {
        const failure = unauthorized(text);
        const call = jest.fn(() => Promise.reject(failure));
        await expect(tokens.withMerchantToken(shop, call, 'never')).rejects.toBe(failure);
        expect(call).toHaveBeenCalledTimes(1);
        expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-2');
      },
    );

    it('does not take a decline with status 401 for a bad token', async () => {
      const failure = new AppmaxFailure('declined', 'payments', { status: 401 });
      const call = jest.fn(() => Promise.reject(failure));
      await expect(tokens.withMerchantToken(shop, call, 'never')).rejects.toBe(failure);
      expect(await tokens.withMerchantToken(shop, useToken)).toBe('token-1');
    });

    it('leaves the new token that another call has fetched meanwhile', async () => {
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

    it('works without the cache, too', async () => {
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
  ])('never makes a call again that ended as %s (%s)', async (kind, status) => {
    const failure = new AppmaxFailure(kind, 'orders', { status });
    const call = jest.fn(() => Promise.reject(failure));
    await expect(tokens.withMerchantToken(shop, call)).rejects.toBe(failure);
    expect(call).toHaveBeenCalledTimes(1);
    expect(cache.entries.size).toBe(1);
  });

  it('never makes a call again that failed on our side', async () => {
    const call = jest.fn(() => Promise.reject(new TypeError('ours')));
    await expect(tokens.withMerchantToken(shop, call)).rejects.toThrow('ours');
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('leaves open what became of a token whose answer is broken', async () => {
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
    it('asks with the credentials of the app', async () => {
      expect(await tokens.withAppToken(useToken)).toBe('token-1');
      expect(appmax.calls[0]?.form).toMatchObject({ client_id: 'app-client', client_secret: 'app-secret' });
    });

    it.each<[string, Record<string, string>]>([
      ['client id', { APPMAX_CLIENT_SECRET: 'app-secret' }],
      ['client secret', { APPMAX_CLIENT_ID: 'app-client' }],
    ])('answers 503 and what is missing while there is no %s', async (_, variables) => {
      const call = async (): Promise<string> => tokensWith(variables).withAppToken(useToken);
      await expect(call()).rejects.toEqual(
        new ApiError(503, 'Appmax is not configured yet: set APPMAX_CLIENT_ID and APPMAX_CLIENT_SECRET'),
      );
      expect(appmax.calls).toHaveLength(0);
    });
  });

  describe('accepts', () => {
    it('is true of credentials that Appmax gives a token for, which is not kept', async () => {
      expect(await tokens.accepts(shop)).toBe(true);
      expect(cache.entries.size).toBe(0);
    });

    it.each<[FailureKind, number]>([
      ['unauthorized', 401],
      ['unauthorized', 403],
      ['refused', 400],
      ['refused', 422],
    ])('is false of credentials that are %s (%d)', async (kind, status) => {
      appmax.failure = new AppmaxFailure(kind, 'oauth2/token', { status });
      expect(await tokens.accepts(shop)).toBe(false);
    });

    it.each<[FailureKind]>([['unavailable'], ['unknown'], ['rate_limited']])(
      'does not know while Appmax is %s',
      async (kind) => {
        appmax.failure = new AppmaxFailure(kind, 'oauth2/token');
        await expect(tokens.accepts(shop)).rejects.toBe(appmax.failure);
      },
    );
  });
});
