import { createHash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../src/app.setup';
import { KEY_SCOPES, type KeyScope } from '../src/common/access/key-holder';
import { parseConfig } from '../src/config/config';
import { MATRIX, NOT_THERE, type Row } from './support/access-matrix';
import { campaign } from './support/campaign';
import { type DeclaredRoute, recordDeclarations } from './support/routes';
import { freePort } from './support/servers';
import { baseEnvironment, SECRET_KEY } from './support/service';
import { CUSTOMER, install, ORDER } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

/** The default `:key` of a path, another shop with its own orders, and a key without an installation. */
const SHOP = 'shop';
const OTHER = 'other-shop';
const NOT_INSTALLED = 'no-shop';
interface Call {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** The secret key where it must not count: outside the Authorization header, or in it but malformed. */
const SMUGGLED: readonly (readonly [where: string, call: Call])[] = [
  [
    'in the body',
    { fields: { authorization: `Bearer ${SECRET_KEY}`, secret_key: SECRET_KEY, key: SECRET_KEY } },
  ],
  [
    'in the query',
    { query: { authorization: `Bearer ${SECRET_KEY}`, access_token: SECRET_KEY, token: SECRET_KEY } },
  ],
  [
    'in other headers',
    {
      headers: {
        'x-api-key': SECRET_KEY,
        'x-authorization': `Bearer ${SECRET_KEY}`,
        'proxy-authorization': `Bearer ${SECRET_KEY}`,
        cookie: `authorization=Bearer ${SECRET_KEY}; token=${SECRET_KEY}`,
      },
    },
  ],
  ['without "Bearer"', { headers: { authorization: SECRET_KEY } }],
  [
    'by another scheme',
    { headers: { authorization: `Basic ${Buffer.from(SECRET_KEY).toString('base64')}` } },
  ],
  ['with another before it', { headers: { authorization: `Bearer x, Bearer ${SECRET_KEY}` } }],
  ['in the path', { key: SECRET_KEY }],
];

/** The key of an existing shop in every part of a request except the path. */
const SMUGGLED_SHOP: Call = {
  fields: { key: SHOP, external_key: SHOP, installation_id: 1 },
  headers: { 'x-external-key': SHOP, external_key: SHOP, 'x-original-url': `/checkout/${SHOP}/config` },
};

const WRONG_KEYS = [`${SECRET_KEY}x`, SECRET_KEY.slice(0, -1), SECRET_KEY.toUpperCase(), 'x'];
const bearer = (key: string): Call => ({ headers: { authorization: `Bearer ${key}` } });

/** The calls that no secret route accepts, besides the one without a key. */
const REFUSED: readonly (readonly [how: string, call: Call])[] = [
  ...WRONG_KEYS.map((key) => ['with a wrong key', bearer(key)] as const),
  ...SMUGGLED,
  ['for a key without an installation', { key: NOT_INSTALLED }],
];
/** How many of them are tried with one route; the next route gets the next ones. */
const REFUSED_PER_ROUTE = campaign(REFUSED.length, 3);

/** Returns the refused calls of the route with this index. */
function refusedOf(index: number): typeof REFUSED {
  const first = (index * REFUSED_PER_ROUTE) % REFUSED.length;
  return [...REFUSED, ...REFUSED].slice(first, first + REFUSED_PER_ROUTE);
}

describe('Access to every route, for every kind of caller', () => {
  let system: TestSystem;
  let app: NestFastifyApplication;
  let routes: ReadonlyMap<string, DeclaredRoute>;
  let url: string;
  let orderId: number;

  beforeAll(async () => {
    system = await startSystem();
    await install(system.services[0], system.simulator, OTHER);
    const port = await freePort();
    const environment = { ...baseEnvironment(), ...system.environment, APP_PORT: String(port) };
    app = await createApp(parseConfig(environment));
    routes = recordDeclarations(app);
    await app.listen(port, '127.0.0.1');
    url = `http://127.0.0.1:${String(port)}`;
    const made = await system.services[0].send('POST', `/checkout/${SHOP}/order`, {
      body: { customer: CUSTOMER, order: ORDER },
    });
    orderId = made.body['order_id'] as number;
  });

  afterAll(async () => {
    await app.close();
    await system.stop();
  });

  /** Calls a route. Closes a stream at once. @returns the status, and the message if there is one. */
  const call = async (route: string, { key = SHOP, headers = {}, query = {}, fields = {} }: Call = {}) => {
    const [method = '', template = ''] = route.split(' ');
    const row = MATRIX[route.replace('HEAD', 'GET')]!;
    const path = template
      .replace(':key', encodeURIComponent(key))
      .replace(':order_id', String(orderId))
      .replace(':id', '999999999')
      .replace(':file', 'nothing');
    const search = [row.query ?? '', new URLSearchParams(query).toString()].filter(Boolean).join('&');
    const hasBody = method === 'POST' || method === 'PATCH';
    const left = new AbortController();
    const response = await fetch(`${url}${path}?${search}`, {
      method,
      redirect: 'manual',
      signal: left.signal,
      headers: { ...headers, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
      ...(hasBody ? { body: JSON.stringify({ ...row.body?.(orderId), ...fields }) } : {}),
    });
    if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
      left.abort();
      return { status: response.status, message: undefined };
    }
    const text = await response.text();
    const message = /^\{.*"message":"([^"]*)"/.exec(text)?.[1];
    return { status: response.status, message };
  };

  /** Makes a key with the root key. */
  const makeKey = async (scopes: readonly KeyScope[], shop?: string): Promise<string> => {
    const made = await system.services[0].send('POST', '/admin/keys', {
      secretKey: SECRET_KEY,
      body: { name: 'matrix', scopes, ...(shop === undefined ? {} : { external_key: shop }) },
    });
    expect(made.status).toBe(200);
    return made.body['key'] as string;
  };

  const rowOf = (route: string): Row => MATRIX[route.replace('HEAD', 'GET')]!;
  const named = (access: Row['access']): string[] =>
    [...routes.keys()].filter(
      (route) => !route.startsWith('OPTIONS') && MATRIX[route.replace('HEAD', 'GET')]?.access === access,
    );
  const allowedOf = (route: string): readonly number[] => MATRIX[route.replace('HEAD', 'GET')]!.allowed;
  const withKey = (route: string): boolean => route.includes('/:key/');

  it('every route is in the matrix with its declared access and scope', () => {
    const declared = [...routes].filter(([route]) => !/^(HEAD|OPTIONS) /.test(route));
    const expected = Object.entries(MATRIX).map(([route, { access, scope }]) => [route, { access, scope }]);
    expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(expected));
  });

  it('a secret route refuses a call with no key, a wrong key, or the key where it does not count', async () => {
    for (const [index, route] of named('secret').entries()) {
      for (const [how, sent] of [['without a key', {}] as const, ...refusedOf(index)]) {
        const { status, message } = await call(route, sent);
        const expected = route.startsWith('HEAD') ? undefined : 'unauthorized';
        expect([route, how, status, message]).toEqual([route, how, 401, expected]);
      }
      const { status } = await call(route, bearer(SECRET_KEY));
      expect([route, allowedOf(route).includes(status) || status]).toEqual([route, true]);
    }
  });

  it('a secret route accepts a key of the database only with its scope', async () => {
    for (const scope of KEY_SCOPES) {
      const key = await makeKey([scope]);
      for (const route of named('secret')) {
        const { status, message } = await call(route, bearer(key));
        if (rowOf(route).scope === scope)
          expect([route, scope, allowedOf(route).includes(status) || status]).toEqual([route, scope, true]);
        else
          expect([route, scope, status, message]).toEqual([
            route,
            scope,
            403,
            route.startsWith('HEAD') ? undefined : 'insufficient scope',
          ]);
      }
    }
  });

  it('a secret route accepts the cookie of a sign-in, for a change only with the header of the console', async () => {
    const signedIn = await system.services[0].send('POST', '/console/session', { body: { key: SECRET_KEY } });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    for (const route of named('secret')) {
      const alone = await call(route, { headers: { cookie } });
      const isChange = !/^(GET|HEAD) /.test(route);
      if (isChange) expect([route, alone.status]).toEqual([route, 401]);
      else expect([route, allowedOf(route).includes(alone.status) || alone.status]).toEqual([route, true]);
      const { status } = await call(route, { headers: { cookie, 'x-console': '1' } });
      expect([route, allowedOf(route).includes(status) || status]).toEqual([route, true]);
    }
  });

  it('a key of a shop is refused for other shops, and finds only what is of its own', async () => {
    const key = await makeKey(KEY_SCOPES, OTHER);
    for (const route of named('secret')) {
      const { other = NOT_THERE, shopKey = [403] } = rowOf(route);
      if (!withKey(route)) {
        const { status } = await call(route, bearer(key));
        expect([route, shopKey.includes(status) || status]).toEqual([route, true]);
        continue;
      }
      expect([route, (await call(route, bearer(key))).status]).toEqual([route, 403]);
      const own = await call(route, { key: OTHER, ...bearer(key) });
      expect([route, other.includes(own.status) || own.status]).toEqual([route, true]);
    }
  });

  it('a revoked and an expired key are refused by every secret route', async () => {
    const [revoked, expired] = [await makeKey(KEY_SCOPES), await makeKey(KEY_SCOPES)];
    const digest = (key: string): string => createHash('sha256').update(key).digest('hex');
    await system.database.query('UPDATE access_keys SET revoked_at = now() WHERE key_hash = $1', [
      digest(revoked),
    ]);
    await system.database.query(
      "UPDATE access_keys SET expires_at = now() - interval '1 second' WHERE key_hash = $1",
      [digest(expired)],
    );
    for (const route of named('secret')) {
      for (const key of [revoked, expired])
        expect([route, (await call(route, bearer(key))).status]).toEqual([route, 401]);
    }
  });

  it('a public or storefront route accepts a call with any key or none', async () => {
    for (const route of [...named('public'), ...named('storefront')]) {
      const callers: Call[] = [
        {},
        bearer('x'),
        bearer(SECRET_KEY),
        ...SMUGGLED.slice(0, 3).map(([, sent]) => sent),
      ];
      for (const sent of callers) {
        // `token` and `key` are parameters of the installation routes; storefront routes refuse unknown parameters.
        if (sent.query !== undefined && (route.includes('install') || rowOf(route).access === 'storefront'))
          continue;
        const { status } = await call(route, sent);
        // The body of this route is where a key counts.
        const signsIn = route === 'POST /console/session' && sent.fields?.['key'] === SECRET_KEY;
        const allowed = signsIn ? [200] : allowedOf(route);
        expect([route, allowed.includes(status) || status]).toEqual([route, true]);
      }
    }
  });

  it("a route finds no order of a shop by another shop's key, and takes the shop only from the path", async () => {
    const found = [...routes.keys()].filter((route) => withKey(route) && !route.startsWith('OPTIONS'));
    expect(found.length).toBeGreaterThan(12);
    for (const route of found) {
      const { other = NOT_THERE } = rowOf(route);
      const asOther = await call(route, { key: OTHER, ...bearer(SECRET_KEY) });
      expect([route, other.includes(asOther.status) || asOther.status]).toEqual([route, true]);
      const { headers } = bearer(SECRET_KEY);
      const sent = {
        ...SMUGGLED_SHOP,
        key: NOT_INSTALLED,
        headers: { ...SMUGGLED_SHOP.headers, ...headers },
      };
      const asUnknown = await call(route, sent);
      const expected = route.startsWith('HEAD') ? undefined : 'installation not found';
      expect([route, asUnknown.status, asUnknown.message]).toEqual([route, 404, expected]);
    }
  });
});
