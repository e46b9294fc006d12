import 'reflect-metadata';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import { ApiError } from '../errors/api-error';
import { currentStranger, runInRequestContext } from '../http/request-context';
import { AcceptsShopKeys, Access } from './access.decorator';
import { AccessGuard } from './access.guard';
import {
  type KeyHolder,
  type KeyScope,
  type RequestAccess,
  SignedIn,
  type SignedInRequest,
  StoredKeys,
} from './key-holder';
import { SecretKeys } from './secret-keys';

const KEY = 'a-key-of-sixteen-and-more';

const nothing = (): void => undefined;

class Undeclared {
  nothing = nothing;

  @Access('public')
  publicly(): void {
    return;
  }

  @Access('storefront')
  storefront(): void {
    return;
  }

  @Access('secret', 'read')
  secretly(): void {
    return;
  }

  @Access('secret', 'operate')
  operate(): void {
    return;
  }

  @Access('secret', 'read')
  @AcceptsShopKeys()
  list(): void {
    return;
  }

  @Access('anyone' as 'public')
  misspelt(): void {
    return;
  }

  @Access(...(['secret'] as unknown as ['secret', 'read']))
  withoutScope(): void {
    return;
  }
}

@Access('secret', 'manage')
class SecretByClass {
  nothing(): void {
    return;
  }

  @Access('public')
  publicly(): void {
    return;
  }
}

type Controller = typeof Undeclared | typeof SecretByClass;

interface Caller extends RequestAccess {
  readonly headers: { authorization?: string; cookie?: string };
  readonly params: { readonly key?: string };
}

/** Keys whose token names their scope and shop, such as `read@shop-1`. `failing` fails as a lost database does. */
class NamedKeys extends StoredKeys {
  find(token: string): Promise<KeyHolder | undefined> {
    if (token === 'failing') return Promise.reject(new Error('no database'));
    const [scope = '', shop] = token.split('@');
    if (!['read', 'operate', 'manage'].includes(scope)) return Promise.resolve(undefined);
    return Promise.resolve({
      id: 1,
      name: token,
      scopes: [scope as KeyScope],
      shop: shop === undefined ? undefined : { installationId: 1, externalKey: shop },
      expiresAt: undefined,
    });
  }
}

/** Sign-ins whose cookie is the token of their key. */
class NamedSignIns extends SignedIn {
  holderOf({ headers }: SignedInRequest): Promise<KeyHolder | undefined> {
    return new NamedKeys().find(headers.cookie ?? '');
  }
}

const guard = new AccessGuard(new Reflector(), new SecretKeys([KEY]), new NamedKeys(), new NamedSignIns());
const callerWith = (key?: string, shop?: string): Caller => ({
  headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  params: shop === undefined ? {} : { key: shop },
});

async function enter(type: Controller, method: string, caller: Caller): Promise<boolean> {
  const handler = (type.prototype as unknown as Record<string, (() => void) | undefined>)[method];
  return guard.canActivate(new ExecutionContextHost([caller], type, handler ?? nothing));
}

/** Returns the status of a refusal, or 200. */
async function statusFor(type: Controller, method: string, caller: Caller): Promise<number> {
  try {
    await enter(type, method, caller);
    return 200;
  } catch (error) {
    if (error instanceof ApiError) return error.getStatus();
    throw error;
  }
}

describe('AccessGuard', () => {
  it.each([
    ['a caller without a key', undefined, '203.0.113.9'],
    ['a caller with a key that is not valid', 'another-key-altogether', '203.0.113.9'],
    ['a holder of a secret key', KEY, undefined],
  ])('the address of %s is known after its connection is closed: %s %s', async (_, key, expected) => {
    const caller = { ...callerWith(key), ip: '::ffff:203.0.113.9' as string | undefined };
    const found = await new Promise((resolve) => {
      runInRequestContext({ id: 'a', method: 'GET', url: '/' }, () => {
        void enter(Undeclared, 'storefront', caller).then(() => {
          caller.ip = undefined;
          resolve(currentStranger());
        });
      });
    });
    expect(found).toBe(expected);
  });

  it.each<[string, Controller, string, number, number]>([
    ['public', Undeclared, 'publicly', 200, 200],
    ['storefront', Undeclared, 'storefront', 200, 200],
    ['secret', Undeclared, 'secretly', 401, 200],
    ['secret by its class', SecretByClass, 'nothing', 401, 200],
    ['public within a secret class', SecretByClass, 'publicly', 200, 200],
    ['undeclared', Undeclared, 'nothing', 401, 401],
    ['of a level that does not exist', Undeclared, 'misspelt', 401, 401],
    ['secret without a scope', Undeclared, 'withoutScope', 401, 401],
  ])('a route that is %s admits callers according to the table', async (_, type, method, anyone, holder) => {
    expect(await statusFor(type, method, callerWith())).toBe(anyone);
    expect(await statusFor(type, method, callerWith('another-key-altogether'))).toBe(anyone);
    expect(await statusFor(type, method, callerWith(KEY))).toBe(holder);
  });

  it.each<[string, string, string, string | undefined, number]>([
    ['the scope of the route', 'secretly', 'read', undefined, 200],
    ['the scope, for a route of a shop', 'operate', 'operate', 'shop-1', 200],
    ['another scope', 'secretly', 'manage', undefined, 403],
    ['another scope, for a change', 'operate', 'read', undefined, 403],
    ['the shop of the route', 'operate', 'operate@shop-1', 'shop-1', 200],
    ['the shop of the route but another scope', 'operate', 'read@shop-1', 'shop-1', 403],
    ['another shop', 'operate', 'operate@shop-1', 'shop-2', 403],
    ['one shop, for a route of all shops', 'secretly', 'read@shop-1', undefined, 403],
    ['one shop, for a list that shows only its rows', 'list', 'read@shop-1', undefined, 200],
    ['one shop and another scope, for such a list', 'list', 'operate@shop-1', undefined, 403],
  ])('a key with %s is judged by scope and shop', async (_, method, key, shop, status) => {
    expect(await statusFor(Undeclared, method, callerWith(key, shop))).toBe(status);
  });

  it.each<[string, Controller, string, Caller['headers'], number]>([
    ['a secret route of its scope', Undeclared, 'secretly', { cookie: 'read' }, 200],
    ['a secret route of another scope', Undeclared, 'operate', { cookie: 'read' }, 403],
    ['a route of all shops, for one shop', Undeclared, 'secretly', { cookie: 'read@shop-1' }, 403],
    ['a secret route, of no sign-in', Undeclared, 'secretly', { cookie: 'x' }, 401],
    [
      'a secret route, beside a key that is not valid',
      Undeclared,
      'secretly',
      { cookie: 'read', authorization: 'Bearer x' },
      401,
    ],
    [
      'a secret route, beside a key with less rights',
      Undeclared,
      'operate',
      { cookie: 'operate', authorization: 'Bearer read' },
      403,
    ],
  ])(
    'a cookie is judged as its key is, and only without one: %s',
    async (_, type, method, headers, status) => {
      expect(await statusFor(type, method, { headers, params: {} })).toBe(status);
    },
  );

  it.each(['publicly', 'storefront'])('a cookie gives no rights on a route that is %s', async (method) => {
    const caller: Caller = { headers: { cookie: 'operate' }, params: {} };
    await enter(Undeclared, method, caller);
    expect([caller.keyHolder, caller.holdsSecretKey]).toEqual([undefined, false]);
  });

  it('a refused caller gets 401 with a WWW-Authenticate header, or 403 with a code', async () => {
    const refusal = async (caller: Caller): Promise<ApiError> =>
      enter(Undeclared, 'secretly', caller).then(
        () => Promise.reject(new Error('The caller was admitted')),
        (error: unknown) => error as ApiError,
      );
    const unknown = await refusal(callerWith());
    expect([unknown.getStatus(), unknown.getResponse()]).toEqual([
      401,
      { message: 'unauthorized', code: 'unauthorized' },
    ]);
    expect(unknown.headers).toEqual({ 'WWW-Authenticate': 'Bearer realm="appmax-checkout"' });
    const limited = await refusal(callerWith('manage'));
    expect([limited.getStatus(), limited.getResponse()]).toEqual([
      403,
      { message: 'insufficient scope', code: 'insufficient_scope' },
    ]);
  });

  it.each<[string, string | undefined, string | undefined, boolean]>([
    ['a root key', KEY, undefined, true],
    ['no key', undefined, undefined, false],
    ['a key that may only read', 'read', undefined, false],
    ['a key of the shop', 'operate@shop-1', 'shop-1', true],
    ['a key of another shop', 'operate@shop-1', 'shop-2', false],
  ])('the request of a storefront route records that it came with %s', async (_, key, shop, holds) => {
    const caller = callerWith(key, shop);
    await enter(Undeclared, 'storefront', caller);
    expect(caller.holdsSecretKey).toBe(holds);
  });

  it('a key that can not be looked up counts as none on a public route, and fails a secret one', async () => {
    const caller = callerWith('failing');
    await enter(Undeclared, 'publicly', caller);
    expect(caller.keyHolder).toBeUndefined();
    await expect(enter(Undeclared, 'secretly', callerWith('failing'))).rejects.toThrow('no database');
  });
});
