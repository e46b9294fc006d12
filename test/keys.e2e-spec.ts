import { createHash } from 'node:crypto';
import { runCommand } from './support/command';
import { eventually } from './support/eventually';
import type { Answer, RequestOptions } from './support/http';
import { freePort } from './support/servers';
import { SECRET_KEY, startService } from './support/service';
import { CPF, CUSTOMER, install, ORDER, startInstallation } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

type Item = Readonly<Record<string, unknown>>;

const SHOP = 'shop';
const OTHER = 'other-shop';
const ALL = ['read', 'operate', 'manage'];
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

let system: TestSystem;
let orderIds: Record<string, number>;

beforeAll(async () => {
  system = await startSystem();
  await install(system.services[0], system.simulator, OTHER);
  orderIds = { [SHOP]: await newOrder(SHOP), [OTHER]: await newOrder(OTHER) };
});

afterAll(() => system.stop());

const call = (secretKey: string, method: string, path: string, options: RequestOptions = {}) =>
  system.services[0].send(method, path, { secretKey, ...options });
const get = (secretKey: string, path: string): Promise<Answer> => call(secretKey, 'GET', path);

async function newOrder(shop: string): Promise<number> {
  const body = { customer: CUSTOMER, order: ORDER };
  return (await system.services[0].send('POST', `/checkout/${shop}/order`, { body })).body[
    'order_id'
  ] as number;
}

const create = (body: object, by = SECRET_KEY): Promise<Answer> => call(by, 'POST', '/admin/keys', { body });

/** Makes a key with a root key. */
async function makeKey(fields: object = {}): Promise<{ id: number; key: string }> {
  const { status, body } = await create({ name: 'test', scopes: ALL, ...fields });
  expect(status).toBe(200);
  return { id: body['id'] as number, key: body['key'] as string };
}

const items = async (key: string, path: string): Promise<Item[]> => {
  const { status, body } = await get(key, path);
  expect([path, status]).toEqual([path, 200]);
  return body['data'] as Item[];
};

describe('Keys of the database', () => {
  it('a key is shown once, is stored as a hash, and opens the routes of its scopes', async () => {
    const made = await create({ name: ' shop-backend ', scopes: ['read', 'read'], external_key: SHOP });
    const { key, id, ...shown } = made.body;
    expect(key).toMatch(/^amxk_[\w-]{43}$/);
    expect(shown).toEqual({
      name: 'shop-backend',
      scopes: ['read'],
      external_key: SHOP,
      created_at: expect.any(String) as string,
      expires_at: null,
      last_used_at: null,
      revoked_at: null,
    });
    const rows = await system.database.query('SELECT to_jsonb(k) AS row FROM access_keys k WHERE id = $1', [
      id,
    ]);
    expect(JSON.stringify(rows)).toContain(hashOf(key as string));
    expect(JSON.stringify(rows)).not.toContain(key);
    expect((await get(key as string, '/admin/orders')).status).toBe(200);
    const listed = await get(SECRET_KEY, '/admin/keys');
    expect(listed.text).not.toContain(key);
    expect(listed.text).not.toContain(hashOf(key as string));
    expect((listed.body['data'] as Item[])[0]).toMatchObject({
      id,
      last_used_at: expect.any(String) as string,
    });
  });

  it.each<[string, object, number, string]>([
    ['without a name', { scopes: ['read'] }, 400, 'invalid request body'],
    ['without a scope', { name: 'x', scopes: [] }, 400, 'invalid request body'],
    ['with an unknown scope', { name: 'x', scopes: ['admin'] }, 400, 'invalid request body'],
    [
      'that is expired',
      { name: 'x', scopes: ['read'], expires_at: '2020-01-01' },
      400,
      'invalid request body',
    ],
    [
      'for an unknown shop',
      { name: 'x', scopes: ['read'], external_key: 'no' },
      404,
      'installation not found',
    ],
  ])('a key %s is not made', async (_, body, status, message) => {
    const made = await create(body);
    expect([made.status, made.body['message']]).toEqual([status, message]);
  });

  it('a key makes no key that may do more than itself', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { key: manager } = await makeKey({ scopes: ['manage'], external_key: SHOP, expires_at: expiresAt });
    const wanted = { name: 'x', scopes: ['manage'] };
    expect((await create({ ...wanted, scopes: ['manage', 'read'] }, manager)).status).toBe(403);
    expect((await create({ ...wanted, external_key: OTHER }, manager)).status).toBe(403);
    for (const later of [{}, { expires_at: '2099-01-01' }]) {
      const { body } = await create({ ...wanted, ...later }, manager);
      expect(body).toMatchObject({ external_key: SHOP, expires_at: expiresAt });
    }
    const { id: foreign } = await makeKey({ external_key: OTHER });
    const { id: unbound } = await makeKey();
    for (const id of [foreign, unbound])
      expect((await call(manager, 'DELETE', `/admin/keys/${id}`)).status).toBe(404);
  });

  it('a revoked key is refused at once here, and soon by an instance that has just accepted it', async () => {
    const { id, key } = await makeKey();
    const [here, there] = system.services;
    for (const service of [here, there])
      expect((await service.send('GET', '/admin/orders', { secretKey: key })).status).toBe(200);
    const revoked = await call(SECRET_KEY, 'DELETE', `/admin/keys/${id}`);
    expect(revoked.body).toMatchObject({ id, revoked_at: expect.any(String) as string });
    expect((await here.send('GET', '/admin/orders', { secretKey: key })).status).toBe(401);
    await eventually(async () => {
      expect((await there.send('GET', '/admin/orders', { secretKey: key })).status).toBe(401);
    });
    const again = await call(SECRET_KEY, 'DELETE', `/admin/keys/${id}`);
    expect(again.body['revoked_at']).toBe(revoked.body['revoked_at']);
  });

  it('a key expires while it is in use', async () => {
    const { key } = await makeKey({ expires_at: new Date(Date.now() + 2_000).toISOString() });
    expect((await get(key, '/admin/orders')).status).toBe(200);
    await eventually(async () => {
      expect((await get(key, '/admin/orders')).status).toBe(401);
    });
  });

  it('the last use of a key is written at most once a minute', async () => {
    const { id, key } = await makeKey();
    const lastUse = async (): Promise<unknown> =>
      (await items(SECRET_KEY, '/admin/keys')).find((item) => item['id'] === id)?.['last_used_at'];
    const setUse = async (age: string): Promise<unknown> => {
      await system.database.query(
        'UPDATE access_keys SET last_used_at = now() - $2::interval WHERE id = $1',
        [id, age],
      );
      return lastUse();
    };
    // Each instance that has not looked the key up yet asks the database.
    const recent = await setUse('50 seconds');
    expect((await system.services[1].send('GET', '/admin/orders', { secretKey: key })).status).toBe(200);
    expect(await lastUse()).toBe(recent);
    const old = await setUse('61 seconds');
    expect((await get(key, '/admin/orders')).status).toBe(200);
    expect(await lastUse()).not.toBe(old);
  });

  it('a key of a shop sees only rows of its shop in every list', async () => {
    for (const shop of [SHOP, OTHER]) {
      const body = { customer: CUSTOMER, order: ORDER, document_number: CPF };
      expect((await system.services[0].send('POST', `/checkout/${shop}/pay/pix`, { body })).status).toBe(200);
      await system.services[0].send('POST', '/webhooks/appmax', {
        body: { event: 'order_pending', data: { order_id: orderIds[shop] } },
      });
      const { key } = await makeKey({ external_key: shop });
      const refund = { order_id: orderIds[shop], type: 'total' };
      await call(key, 'POST', `/checkout/${shop}/refund`, { body: refund });
    }
    const { key } = await makeKey({ external_key: OTHER });
    for (const list of ['installations', 'orders', 'operations', 'keys', 'audit']) {
      const found = await items(key, `/admin/${list}`);
      expect([list, [...new Set(found.map((item) => item['external_key']))]]).toEqual([list, [OTHER]]);
      if (list === 'keys') continue;
      expect([list, await items(key, `/admin/${list}?external_key=${SHOP}`)]).toEqual([list, []]);
    }
    const events = await items(key, '/admin/webhook-events');
    expect([...new Set(events.map((item) => item['order_id']))]).toEqual([orderIds[OTHER]]);
    const [foreign] = await items(SECRET_KEY, `/admin/webhook-events?order_id=${orderIds[SHOP]}`);
    const [operation] = await items(SECRET_KEY, `/admin/operations?external_key=${SHOP}`);
    const resolution = { body: { outcome: 'done', note: 'x' } };
    const hidden: [string, string, RequestOptions?][] = [
      ['GET', `/admin/orders/${orderIds[SHOP]}`],
      ['POST', `/admin/orders/${orderIds[SHOP]}/refresh`],
      ['GET', `/admin/webhook-events/${String(foreign?.['id'])}`],
      ['POST', `/admin/webhook-events/${String(foreign?.['id'])}/replay`],
      ['GET', `/admin/operations/${String(operation?.['id'])}`],
      ['POST', `/admin/operations/${String(operation?.['id'])}/resolve`, resolution],
    ];
    for (const [method, path, options] of hidden)
      expect([path, (await call(key, method, path, options)).status]).toEqual([path, 404]);
    expect((await get(key, `/admin/orders/${orderIds[OTHER]}`)).status).toBe(200);
    expect((await call(key, 'POST', `/admin/orders/${orderIds[OTHER]}/refresh`)).status).toBe(200);
    const own = `/admin/webhook-events/${String(events[0]?.['id'])}`;
    expect((await get(key, own)).status).toBe(200);
    expect((await call(key, 'POST', `${own}/replay`)).status).toBe(200);
  });

  it('an installed shop is installed again only with a key that may manage it', async () => {
    const start = async (key: string): Promise<number> =>
      (await startInstallation(system.services[0], system.simulator, SHOP, key)).status;
    const rejected = [{ scopes: ['read', 'operate'] }, { external_key: OTHER }];
    for (const fields of rejected) expect(await start((await makeKey(fields)).key)).toBe(401);
    expect(await start((await makeKey({ scopes: ['manage'], external_key: SHOP })).key)).toBe(302);
  });

  it('the token of webhooks is shown only to a key that may manage all shops', async () => {
    const WEBHOOK_TOKEN = 'a-token-of-webhooks-0123';
    const port = String(await freePort());
    const service = await startService({ ...system.environment, WEBHOOK_TOKEN, APP_PORT: port });
    try {
      const isShownTo = async (secretKey: string): Promise<boolean> =>
        (await service.send('GET', '/webhooks/appmax', { secretKey })).text.includes(WEBHOOK_TOKEN);
      expect(await isShownTo((await makeKey({ scopes: ['manage'] })).key)).toBe(true);
      for (const fields of [{ scopes: ['read', 'operate'] }, { external_key: SHOP }])
        expect(await isShownTo((await makeKey(fields)).key)).toBe(false);
    } finally {
      await service.stop();
    }
  });

  it('keys are made, listed and revoked on the command line', async () => {
    const run = (name: string, ...args: string[]) => runCommand(name, args, { ...system.environment });
    const made = await run('create-key', '--name', 'from-shell', '--scopes', 'read', '--shop', SHOP);
    expect(made.code).toBe(0);
    const [, id, key = ''] = /^Key (\d+) \(from-shell\): read\n(amxk_\S+)\n$/.exec(made.output) ?? [];
    expect((await get(key, '/admin/orders')).status).toBe(200);
    const listed = await run('list-keys');
    expect(listed.output).toMatch(
      new RegExp(`^${String(id)} from-shell: read; shop shop; made \\S+; no expiry; used \\S+$`, 'm'),
    );
    expect(listed.output).not.toContain(key);
    const revoked = await run('revoke-key', '--id', String(id));
    expect([revoked.code, revoked.output]).toEqual([0, `Key ${String(id)} (from-shell) is revoked\n`]);
    await eventually(async () => {
      expect((await get(key, '/admin/orders')).status).toBe(401);
    });
    expect(await run('create-key', '--name', 'x', '--scopes', 'read', '--shop', 'nobody')).toEqual({
      code: 1,
      output: 'installation not found\n',
    });
    const unknown = await run('revoke-key', '--id', '999999', '--json');
    expect([unknown.code, JSON.parse(unknown.output)]).toEqual([1, { ok: false, error: 'key not found' }]);
    const entries = await items(SECRET_KEY, `/admin/audit?external_key=${SHOP}&limit=2`);
    expect(entries).toEqual([
      expect.objectContaining({ actor: 'command', action: 'keys:revoke', subject_id: Number(id) }),
      expect.objectContaining({ actor: 'command', action: 'keys:create', subject_id: Number(id) }),
    ]);
  });
});

describe('The audit log', () => {
  const entriesOf = (id: number, filters = ''): Promise<Item[]> =>
    items(SECRET_KEY, `/admin/audit?key_id=${id}${filters}`);

  it('each change with a key is recorded with its shop, its subject and its status, and no reading is', async () => {
    const { id, key } = await makeKey({ name: 'auditor' });
    const order_id = orderIds[SHOP];
    const requestId = 'audit-test-request';
    await get(key, '/admin/orders');
    await call(key, 'POST', `/checkout/${SHOP}/tracking`, {
      body: { order_id, shipping_tracking_code: 'BR123' },
      headers: { 'x-request-id': requestId },
    });
    await call(key, 'POST', `/checkout/${SHOP}/refund`, { body: { order_id, type: 'whole' } });
    await call(key, 'POST', '/admin/webhook-events/999999/replay');
    await get(key, `/installations/${SHOP}/merchant/token`);
    const made = await create({ name: 'child', scopes: ['read'] }, key);
    await call(key, 'DELETE', `/admin/keys/${String(made.body['id'])}`);
    const entry = { actor: 'key', key_id: id, key_name: 'auditor' };
    const ofShop = { ...entry, external_key: SHOP };
    const ofAll = { ...entry, external_key: null };
    expect(await entriesOf(id)).toEqual(
      [
        { ...ofAll, action: 'DELETE /admin/keys/:id', subject_id: made.body['id'], status: 200 },
        { ...ofAll, action: 'POST /admin/keys', subject_id: made.body['id'], status: 200 },
        {
          ...ofShop,
          action: 'GET /installations/:key/merchant/token',
          subject_id: null,
          status: 200,
        },
        { ...ofAll, action: 'POST /admin/webhook-events/:id/replay', subject_id: 999999, status: 404 },
        { ...ofShop, action: 'POST /checkout/:key/refund', subject_id: order_id, status: 400 },
        {
          ...ofShop,
          action: 'POST /checkout/:key/tracking',
          subject_id: order_id,
          status: 200,
          request_id: requestId,
        },
      ].map((expected) => expect.objectContaining(expected) as Item),
    );
    const action = encodeURIComponent('POST /checkout/:key/refund');
    expect(await entriesOf(id, `&action=${action}`)).toHaveLength(1);
    expect(await entriesOf(id, `&external_key=${SHOP}`)).toHaveLength(3);
    expect(await entriesOf(id, `&external_key=${OTHER}`)).toEqual([]);
    expect(await entriesOf(id, '&actor=key')).toHaveLength(6);
    expect(await entriesOf(id, '&actor=root_key')).toEqual([]);
    const actors = (await items(SECRET_KEY, '/admin/audit?actor=root_key')).map(({ actor }) => actor);
    expect(new Set(actors)).toEqual(new Set(['root_key']));
    expect(await entriesOf(id, '&to=2020-01-01')).toEqual([]);
    expect(await entriesOf(id, '&from=2020-01-01')).toHaveLength(6);
  });

  it('the pages of the log have every entry once, newest first', async () => {
    const { id, key } = await makeKey();
    for (let index = 1; index <= 5; index += 1)
      await call(key, 'POST', `/admin/webhook-events/${900_000 + index}/replay`);
    const subjects: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Answer = await get(SECRET_KEY, `/admin/audit?key_id=${id}&limit=2&cursor=${cursor}`);
      subjects.push(...(page.body['data'] as Item[]).map((item) => item['subject_id']));
      cursor = page.body['next_cursor'] as string | null;
    }
    expect(subjects).toEqual([900_005, 900_004, 900_003, 900_002, 900_001]);
  });

  it('a root key is recorded by a fingerprint, and so in the operation that it settles', async () => {
    const [sold] = await system.database.query<{ id: number }>(
      `INSERT INTO operations (kind, state, installation_id, sale, call_limit_seconds, sent_at, prepared_at)
       SELECT 'upsell', 'unknown', id, 'upsell:test', 5, now() - interval '1 day', now() - interval '1 day'
       FROM installations WHERE external_key = $1 RETURNING id`,
      [SHOP],
    );
    const settled = await call(SECRET_KEY, 'POST', `/admin/operations/${String(sold?.id)}/resolve`, {
      body: { outcome: 'not_done', note: 'Not in the panel' },
    });
    const name = `key ${hashOf(SECRET_KEY).slice(0, 8)}`;
    expect([settled.status, settled.body['resolved_by']]).toEqual([200, name]);
    const [entry] = await items(
      SECRET_KEY,
      `/admin/audit?action=${encodeURIComponent('POST /admin/operations/:id/resolve')}&limit=1`,
    );
    expect(entry).toMatchObject({
      actor: 'root_key',
      key_id: null,
      key_name: name,
      subject_id: Number(sold?.id),
      status: 200,
    });
  });

  it('nothing is changed if the log can not be written', async () => {
    const { id } = await makeKey();
    await system.database.query('ALTER TABLE audit_log RENAME TO hidden_audit_log');
    try {
      const body = { order_id: orderIds[SHOP], shipping_tracking_code: 'BR999' };
      const tracked = await call(SECRET_KEY, 'POST', `/checkout/${SHOP}/tracking`, { body });
      expect(tracked.status).toBeGreaterThanOrEqual(500);
      expect((await call(SECRET_KEY, 'DELETE', `/admin/keys/${id}`)).status).toBeGreaterThanOrEqual(500);
    } finally {
      await system.database.query('ALTER TABLE hidden_audit_log RENAME TO audit_log');
    }
    const listed = await items(SECRET_KEY, '/admin/keys');
    expect(listed.find((item) => item['id'] === id)).toMatchObject({ revoked_at: null });
    const calls = await system.control.requests();
    expect(JSON.stringify(calls)).not.toContain('BR999');
  });
});
