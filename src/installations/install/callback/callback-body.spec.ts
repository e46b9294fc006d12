import fc from 'fast-check';
import { ApiError } from '../../../common/errors/api-error';
import { LONGEST_CREDENTIAL } from '../../credentials/credential-seals';
import { missingFields } from '../../errors';
import {
  type CallbackBody,
  checkCallbackBody,
  isComplete,
  isFromValidator,
  readCallbackBody,
} from './callback-body';

const APP_ID = '321';
const KEY = 'shop-1';
const MISSING =
  'app_id, external_key, client_key, merchant_client_id and merchant_client_secret are required';
const complete = {
  app_id: APP_ID,
  external_key: KEY,
  client_key: KEY,
  client_id: 'client',
  client_secret: 'secret',
};

function read(body: unknown): CallbackBody {
  const callback = readCallbackBody(body);
  checkCallbackBody(callback, APP_ID);
  return callback;
}

function refusal(body: unknown): { status: number; message: string; fields?: string[] } {
  try {
    read(body);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { message, errors } = error.getResponse() as { message: string; errors?: { field: string }[] };
    return {
      status: error.getStatus(),
      message,
      ...(errors === undefined ? {} : { fields: errors.map(({ field }) => field) }),
    };
  }
  throw new Error('The body was taken');
}

describe('readCallbackBody', () => {
  it.each([
    ['the older form', complete],
    ['the newer form, with a number as app id', { ...complete, app_id: 321 }],
    [
      'the form that names the merchant',
      {
        app_id: APP_ID,
        external_key: KEY,
        client_key: KEY,
        merchant_client_id: 'client',
        merchant_client_secret: 'secret',
      },
    ],
    [
      'a form with both pairs of names',
      { ...complete, merchant_client_id: 'other', merchant_client_secret: 'other' },
    ],
    [
      'a form whose first pair of names is blank',
      {
        ...complete,
        client_id: '',
        merchant_client_id: 'client',
        client_secret: null,
        merchant_client_secret: 'secret',
      },
    ],
    ['a form with more fields', { ...complete, site_id: 5, partner_merchant: { name: 'Shop' } }],
  ])('the callback is read: %s', (_, body) => {
    const callback = read(body);
    expect(callback).toEqual({
      appId: APP_ID,
      externalKey: KEY,
      clientKey: KEY,
      credentials: { clientId: 'client', clientSecret: 'secret' },
    });
    expect(isComplete(callback)).toBe(true);
  });

  it('a key and credentials can be numbers', () => {
    const body = { ...complete, external_key: 12, client_key: '12', client_id: 34 };
    expect(readCallbackBody(body)).toMatchObject({
      externalKey: '12',
      credentials: { clientId: '34', clientSecret: 'secret' },
    });
  });

  it.each([
    ['the app id alone', { app_id: 321 }, undefined],
    ['an external key', { app_id: 321, external_key: KEY }, KEY],
    ['a client key', { app_id: 321, client_key: KEY }, KEY],
    ['all but the external key', { ...complete, external_key: undefined }, KEY],
    ['all but the client key', { ...complete, client_key: undefined }, KEY],
    ['all but the client id', { ...complete, client_id: undefined }, KEY],
    ['all but the client secret', { ...complete, client_secret: undefined }, KEY],
    ['blanks for the rest', { ...complete, client_id: '', client_secret: null }, KEY],
    ['white space for a secret', { ...complete, client_secret: '  ' }, KEY],
  ])('an incomplete callback is read without credentials: %s', (_, body, externalKey) => {
    const callback = read(body);
    expect(callback).toMatchObject({ appId: APP_ID, externalKey, credentials: undefined });
    expect(isComplete(callback)).toBe(false);
  });

  it.each([[null], [undefined], [[]], [[complete]], ['text'], [''], [321], [true]])(
    'the callback %j, which is not an object, is refused',
    (body) => {
      expect(refusal(body)).toEqual({ status: 400, message: 'invalid request body' });
    },
  );

  it.each<[object, string]>([
    [{ app_id: { id: 321 } }, 'app_id'],
    [{ app_id: 321.5 }, 'app_id'],
    [{ app_id: true }, 'app_id'],
    [{ app_id: [321] }, 'app_id'],
    [{ external_key: 'x'.repeat(256) }, 'external_key'],
    [{ external_key: 'shop\0' }, 'external_key'],
    [{ external_key: 'shop\n1' }, 'external_key'],
    [{ external_key: {} }, 'external_key'],
    [{ client_key: false }, 'client_key'],
    [{ client_id: 'x'.repeat(513) }, 'client_id'],
    [{ client_id: ['client'] }, 'client_id'],
    [{ client_secret: 'x'.repeat(513) }, 'client_secret'],
    [{ client_secret: 'sec\0ret' }, 'client_secret'],
    [{ client_secret: 'x'.repeat(LONGEST_CREDENTIAL + 1) }, 'client_secret'],
    [{ client_id: 'ã'.repeat(LONGEST_CREDENTIAL / 2 + 1) }, 'client_id'],
  ])('a callback with %j is refused', (change, field) => {
    expect(refusal({ ...complete, ...change })).toEqual({
      status: 400,
      message: 'invalid request body',
      fields: [field],
    });
  });

  it('keys may be as long as their column, and credentials as long as fits once sealed', () => {
    const key = 'k'.repeat(255);
    const secret = 's'.repeat(LONGEST_CREDENTIAL);
    const body = {
      ...complete,
      external_key: key,
      client_key: key,
      client_id: secret,
      client_secret: secret,
    };
    expect(readCallbackBody(body)).toMatchObject({
      externalKey: key,
      credentials: { clientId: secret, clientSecret: secret },
    });
  });

  it.each([
    {},
    { ...complete, app_id: undefined },
    { ...complete, app_id: null },
    { ...complete, app_id: '' },
  ])('the callback %j is incomplete', (body) => {
    expect(isComplete(readCallbackBody(body))).toBe(false);
  });

  it.each(['322', 322, '0321', ' 321', 'abc', '3f2504e0-4f89-41d3-9a0c-0305e82c3301'])(
    'the app id %j, which is not ours, is refused',
    (app_id) => {
      expect(refusal({ ...complete, app_id })).toEqual({ status: 400, message: 'invalid app_id' });
    },
  );

  it.each(['shop-2', 'SHOP-1', 'shop-1 '])(
    'the client key %j, which differs from the external key, is refused',
    (client_key) => {
      expect(refusal({ ...complete, client_key })).toEqual({ status: 400, message: 'invalid client_key' });
    },
  );

  it('an invalid body is reported before a wrong app', () => {
    expect(refusal({ ...complete, app_id: '322', client_id: [] }).message).toBe('invalid request body');
  });

  it('a wrong app is reported before a wrong client key', () => {
    expect(refusal({ ...complete, app_id: '322', client_key: 'shop-2' }).message).toBe('invalid app_id');
  });

  it('a refusal never repeats a secret', () => {
    expect.assertions(1);
    try {
      readCallbackBody({ ...complete, client_secret: `canary-4711${'x'.repeat(600)}` });
    } catch (error) {
      expect(JSON.stringify((error as ApiError).getResponse())).not.toContain('canary');
    }
  });

  it('any callback of our app is read as texts that fit their columns, or refused', () => {
    const value = fc.oneof(
      fc.string({ maxLength: 600 }),
      fc.integer(),
      fc.jsonValue(),
      fc.constantFrom(KEY, ''),
    );
    const body = fc.record(
      { external_key: value, client_key: value, client_id: value, client_secret: value },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(body, (fields) => {
        let callback;
        try {
          callback = readCallbackBody({ app_id: APP_ID, ...fields });
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
          return;
        }
        expect(callback.appId).toBe(APP_ID);
        if (callback.externalKey !== undefined) expect(callback.externalKey).toMatch(/^\P{Cc}{1,255}$/u);
        for (const text of Object.values(callback.credentials ?? {}))
          expect(text).toMatch(/^\P{Cc}{1,347}$/u);
      }),
    );
  });
});

describe('missingFields', () => {
  it('the error lists all required fields', () => {
    expect(missingFields()).toEqual(new ApiError(400, MISSING));
  });
});

describe('isFromValidator', () => {
  it.each([
    { app_id: 'DEMO_APP_ID' },
    {
      app_id: 'DEMO_APP_ID',
      external_key: 'key-1',
      client_id: 'DEMO_CLIENT_ID',
      client_secret: 'DEMO_SECRET',
    },
    { app_id: 4711, external_key: 'a', client_key: 'a', client_id: 'DEMO_CLIENT_ID', client_secret: 's' },
    { app_id: '4711', merchant_client_id: 'id', merchant_client_secret: 'demo_client_secret' },
  ])('the health check %j is from the validator', (body) => {
    expect(isFromValidator(body)).toBe(true);
  });

  it.each([
    { app_id: 4711 },
    { app_id: '4711', external_key: 'DEMO_SHOP', client_id: 'id', client_secret: 'secret' },
    { app_id: 'app-DEMO_APP_ID' },
    {},
    [],
    ['DEMO_APP_ID'],
    'DEMO_APP_ID',
    null,
  ])('the health check %j is not from the validator', (body) => {
    expect(isFromValidator(body)).toBe(false);
  });
});
