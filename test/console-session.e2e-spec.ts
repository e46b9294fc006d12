import { randomBytes } from 'node:crypto';
import type { Answer } from './support/http';
import { freePort } from './support/servers';
import { SECRET_KEY, startService, type TestService } from './support/service';
import { install } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

type Item = Readonly<Record<string, unknown>>;

const SHOP = 'shop';
const OTHER = 'other-shop';
const ALL = ['read', 'operate', 'manage'];
const HOUR = 3_600_000;
const REPLAY = '/admin/webhook-events/replay';
const FUTURE = { since: '2099-01-01' };

let system: TestSystem;
let here: TestService;
let there: TestService;

beforeAll(async () => {
  system = await startSystem();
  [here, there] = system.services;
  await install(here, system.simulator, OTHER);
});

afterAll(() => system.stop());

async function makeKey(fields: object = {}): Promise<{ id: number; key: string }> {
  const body = { name: 'operator', scopes: ALL, ...fields };
  const made = await here.send('POST', '/admin/keys', { secretKey: SECRET_KEY, body });
  expect(made.status).toBe(200);
  return made.body as unknown as { id: number; key: string };
}

const cookieOf = ({ headers }: Answer): string => headers.get('set-cookie')?.split(';')[0] ?? '';

/** Signs a browser in. @returns its cookie. */
async function signIn(key: string, { by = here, cookie = '' } = {}): Promise<string> {
  const answer = await by.send('POST', '/console/session', {
    body: { key },
    headers: cookie === '' ? {} : { cookie },
  });
  expect(answer.status).toBe(200);
  expect(cookieOf(answer)).toMatch(/^console=[\w-]{43}$/);
  return cookieOf(answer);
}

const get = (cookie: string, path: string, by = here): Promise<Answer> =>
  by.send('GET', path, { headers: { cookie } });

/** Makes a request as the console does. */
const change = (cookie: string, method: string, path: string, body?: object, by = here): Promise<Answer> =>
  by.send(method, path, {
    headers: { cookie, 'x-console': '1' },
    ...(body === undefined ? {} : { body }),
  });

/** Returns the statuses of cookies at one instance. */
const statuses = (cookies: readonly string[], by = here): Promise<number[]> =>
  Promise.all(cookies.map(async (cookie) => (await get(cookie, '/admin/orders', by)).status));

/** Runs `use` with another instance on the same database. */
async function withService<Value>(
  environment: Readonly<Record<string, string>>,
  use: (service: TestService) => Promise<Value>,
): Promise<Value> {
  const port = String(await freePort());
  const service = await startService({ ...system.environment, APP_PORT: port, ...environment });
  try {
    return await use(service);
  } finally {
    await service.stop();
  }
}

const tokenHashes = async (): Promise<string[]> =>
  (await system.database.query<{ token_hash: string }>('SELECT token_hash FROM sign_ins')).map(
    (row) => row.token_hash,
  );

describe('Signing in to the console', () => {
  it('a sign-in answers the rights of the key, and sets a cookie that no script and no other site can use', async () => {
    const { key } = await makeKey({ scopes: ['read', 'operate'], external_key: SHOP });
    const signedIn = await here.send('POST', '/console/session', { body: { key } });
    expect([signedIn.status, signedIn.body]).toEqual([
      200,
      {
        name: 'operator',
        scopes: ['read', 'operate'],
        external_key: SHOP,
        environment: 'sandbox',
        expires_at: expect.any(String) as string,
      },
    ]);
    const header = signedIn.headers.get('set-cookie') ?? '';
    expect(header.split('; ').slice(1).sort()).toEqual([
      expect.stringMatching(/^Expires=/),
      'HttpOnly',
      'Path=/',
      'SameSite=Strict',
    ]);
    expect(signedIn.headers.get('cache-control')).toBe('no-store');
    const shown = await get(cookieOf(signedIn), '/console/session');
    expect([shown.status, shown.body]).toEqual([200, signedIn.body]);
  });

  it('a sign-in at an address of HTTPS sets a cookie of this host alone', async () => {
    await withService({ APP_URL: 'https://pay.example' }, async (service) => {
      const answer = await service.send('POST', '/console/session', { body: { key: SECRET_KEY } });
      expect(answer.headers.get('set-cookie')).toMatch(/^__Host-console=[\w-]{43}; Path=\/; .*Secure/);
      expect((await get(cookieOf(answer), '/admin/orders', service)).status).toBe(200);
      const withoutPrefix = cookieOf(answer).replace('__Host-', '');
      expect((await get(withoutPrefix, '/admin/orders', service)).status).toBe(401);
    });
  });

  it('a token is stored as a hash, and is in no answer', async () => {
    const cookie = await signIn(SECRET_KEY);
    const token = cookie.replace('console=', '');
    const rows = await system.database.query('SELECT to_jsonb(s) AS row FROM sign_ins s');
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain(SECRET_KEY);
    expect((await get(cookie, '/console/session')).text).not.toContain(token);
  });

  it.each<[string, string | object, number, Record<string, string>]>([
    ['a wrong key', { key: 'amxk_wrong' }, 401, {}],
    ['a key of the right form', { key: `amxk_${'a'.repeat(43)}` }, 401, {}],
    ['no key', {}, 400, {}],
    ['a form', `key=${SECRET_KEY}`, 415, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a form with JSON', JSON.stringify({ key: SECRET_KEY }), 415, { 'content-type': 'text/plain' }],
  ])('a browser is not signed in by %s', async (_, body, status, headers) => {
    const answer = await here.send('POST', '/console/session', { body, headers });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([status, null]);
  });

  it('a token that was planted in a browser is never that of its sign-in, and its sign-in ends', async () => {
    const planted = await signIn((await makeKey({ scopes: ['read'] })).key);
    const own = await signIn(SECRET_KEY, { cookie: planted });
    expect(own).not.toBe(planted);
    expect(await statuses([planted, own])).toEqual([401, 200]);
    const madeUp = `console=${randomBytes(32).toString('base64url')}`;
    expect(await signIn(SECRET_KEY, { cookie: madeUp })).not.toBe(madeUp);
    expect(await statuses([madeUp])).toEqual([401]);
  });

  it('pages of other origins may neither sign in nor use a cookie', async () => {
    await withService({ CORS_ORIGINS: '*' }, async (service) => {
      for (const path of ['/console/session', '/admin/orders', REPLAY]) {
        const headers = {
          origin: 'https://evil.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,x-console',
        };
        const preflight = await fetch(`${service.url}${path}`, { method: 'OPTIONS', headers });
        expect([path, preflight.ok]).toEqual([path, false]);
        expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
      }
    });
  });
});

describe('A browser that is signed in', () => {
  it('a cookie has the scopes of its key', async () => {
    const cookie = await signIn((await makeKey({ scopes: ['read'] })).key);
    expect((await get(cookie, '/admin/orders')).status).toBe(200);
    expect((await change(cookie, 'POST', REPLAY, FUTURE)).status).toBe(403);
    expect((await get(cookie, '/admin/keys')).status).toBe(403);
    expect(await statuses(['', 'console=x', `other=${cookie}`])).toEqual([401, 401, 401]);
  });

  it('a cookie of a key of one shop stays in that shop', async () => {
    const cookie = await signIn((await makeKey({ external_key: OTHER })).key);
    const { body } = await get(cookie, '/admin/installations');
    expect((body['data'] as Item[]).map((item) => item['external_key'])).toEqual([OTHER]);
    expect((await get(cookie, `/checkout/${OTHER}/sessions`)).status).toBe(200);
    expect((await get(cookie, `/checkout/${SHOP}/sessions`)).status).toBe(403);
    expect((await get(cookie, '/metrics')).status).toBe(403);
  });

  it.each<[string, string, object | undefined]>([
    ['POST', REPLAY, FUTURE],
    ['DELETE', '/admin/keys/999999', undefined],
    ['DELETE', '/console/session', undefined],
    ['DELETE', '/console/sessions', undefined],
  ])('a change with a cookie needs the header of the console: %s %s', async (method, path, body) => {
    const cookie = await signIn((await makeKey()).key);
    const options = { headers: { cookie }, ...(body === undefined ? {} : { body }) };
    expect((await here.send(method, path, options)).status).toBe(401);
    expect(await statuses([cookie])).toEqual([200]);
    expect([200, 404]).toContain((await change(cookie, method, path, body)).status);
  });

  it('a cookie does not replace a key that is not valid', async () => {
    const cookie = await signIn(SECRET_KEY);
    const headers = { cookie, authorization: 'Bearer x' };
    expect((await here.send('GET', '/admin/orders', { headers })).status).toBe(401);
  });

  it('the audit log has the sign-in, each change and the sign-out, with the key as their author', async () => {
    const { id, key } = await makeKey({ external_key: SHOP });
    const cookie = await signIn(key);
    await get(cookie, '/admin/orders');
    await change(cookie, 'POST', '/admin/webhook-events/999999/replay', {});
    await change(cookie, 'DELETE', '/console/session');
    await change(await signIn(key), 'DELETE', '/console/sessions');
    const { body } = await here.send('GET', `/admin/audit?key_id=${id}`, { secretKey: SECRET_KEY });
    const entry = { actor: 'key', key_id: id, key_name: 'operator', external_key: SHOP };
    expect(body['data']).toEqual(
      [
        { ...entry, action: 'DELETE /console/sessions', status: 200 },
        { ...entry, action: 'POST /console/session', status: 200 },
        { ...entry, action: 'DELETE /console/session', status: 200 },
        { ...entry, action: 'POST /admin/webhook-events/:id/replay', subject_id: 999999, status: 404 },
        { ...entry, action: 'POST /console/session', status: 200 },
      ].map((expected) => expect.objectContaining(expected) as Item),
    );
  });

  it('the audit log names a root key by its fingerprint', async () => {
    await signIn(SECRET_KEY);
    const action = encodeURIComponent('POST /console/session');
    const { body } = await here.send('GET', `/admin/audit?action=${action}&limit=1`, {
      secretKey: SECRET_KEY,
    });
    expect(body['data']).toEqual([expect.objectContaining({ actor: 'root_key', key_id: null, status: 200 })]);
  });
});

describe('The end of a sign-in', () => {
  it('a revoked key ends its sign-ins at once on all instances', async () => {
    const { id, key } = await makeKey();
    const cookie = await signIn(key);
    expect([await statuses([cookie]), await statuses([cookie], there)]).toEqual([[200], [200]]);
    await here.send('DELETE', `/admin/keys/${id}`, { secretKey: SECRET_KEY });
    expect([await statuses([cookie]), await statuses([cookie], there)]).toEqual([[401], [401]]);
    expect((await get(cookie, '/console/session')).status).toBe(401);
  });

  it('a sign-in ends after 12 hours, or when its key expires', async () => {
    const expiresAt = new Date(Date.now() + HOUR).toISOString();
    const lasting = await signIn((await makeKey()).key);
    const { id, key } = await makeKey({ expires_at: expiresAt });
    const short = await signIn(key);
    expect((await get(short, '/console/session')).body['expires_at']).toBe(expiresAt);
    const [row] = await system.database.query<{ hours: number }>(
      `SELECT extract(epoch FROM expires_at - created_at)::int / 3600 AS hours FROM sign_ins
       WHERE key_id <> $1 ORDER BY id DESC LIMIT 1`,
      [id],
    );
    expect(row?.hours).toBe(12);
    await system.database.query('UPDATE sign_ins SET expires_at = now() WHERE key_id <> $1', [id]);
    await system.database.query(
      "UPDATE access_keys SET expires_at = now() - interval '1 second' WHERE id = $1",
      [id],
    );
    expect(await statuses([lasting, short])).toEqual([401, 401]);
  });

  it('sign-ins that have ended are deleted by the next one', async () => {
    await signIn(SECRET_KEY);
    await system.database.query('UPDATE sign_ins SET expires_at = now()');
    await signIn(SECRET_KEY);
    expect(await tokenHashes()).toHaveLength(1);
  });

  it('signing out ends this sign-in only, and signing out everywhere those of the same key', async () => {
    const [mine, other] = [await makeKey(), await makeKey()];
    const [first, second, third] = [await signIn(mine.key), await signIn(mine.key), await signIn(mine.key)];
    const foreign = [await signIn(other.key), await signIn(SECRET_KEY)];
    const out = await change(first, 'DELETE', '/console/session');
    expect(out.headers.get('set-cookie')).toMatch(/^console=; .*Expires=Thu, 01 Jan 1970 00:00:00 GMT/);
    expect(await statuses([first, second, third])).toEqual([401, 200, 200]);
    expect((await change(second, 'DELETE', '/console/sessions')).status).toBe(200);
    expect(await statuses([second, third, ...foreign], there)).toEqual([401, 401, 200, 200]);
  });

  it('a root key that is no longer configured ends its sign-ins', async () => {
    const LEAVING = 'sk_test_a-key-that-leaves';
    const both = { API_SECRET_KEYS: `${SECRET_KEY},${LEAVING}` };
    const [leaving, staying] = await withService(both, async (by) => {
      const cookies = [await signIn(LEAVING, { by }), await signIn(SECRET_KEY, { by })] as const;
      expect(await statuses(cookies, by)).toEqual([200, 200]);
      return cookies;
    });
    expect(await statuses([leaving, staying])).toEqual([401, 200]);
  });

  it('sign-ins of a root key outlast a change of APP_KEY while the old one is known, and all end together', async () => {
    const old = Buffer.alloc(32, 7).toString('base64');
    const APP_KEY = randomBytes(32).toString('base64');
    const before = [await signIn(SECRET_KEY), await signIn(SECRET_KEY)] as const;
    await withService({ APP_KEY }, async (by) => {
      expect(await statuses(before, by)).toEqual([401, 401]);
    });
    await withService({ APP_KEY, APP_KEY_PREVIOUS: old }, async (by) => {
      const after = await signIn(SECRET_KEY, { by });
      expect(await statuses([...before, after], by)).toEqual([200, 200, 200]);
      expect((await change(after, 'DELETE', '/console/sessions', undefined, by)).status).toBe(200);
      expect(await statuses([...before, after], by)).toEqual([401, 401, 401]);
    });
  });
});
