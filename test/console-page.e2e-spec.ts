import { randomInt, randomUUID } from 'node:crypto';
import { get } from 'node:http';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { send } from './support/http';
import { SECRET_KEY, startService, type TestService } from './support/service';

interface ChangesClient {
  readonly status: number | undefined;
  readonly ids: number[];
  close(): void;
}

describe('The page of the console and its stream, on two services with one database', () => {
  let database: TestDatabase;
  let services: TestService[];
  const shops: { id: string; key: string }[] = [];
  const open: ChangesClient[] = [];

  beforeAll(async () => {
    database = await createDatabase();
    services = await Promise.all([startService(database.environment), startService(database.environment)]);
    const rows = await database.query<{ id: string; external_key: string }>(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('shop', 'app', 'id', 'secret', $1), ('other', 'app', 'id', 'secret', $2)
       RETURNING id, external_key`,
      [randomUUID(), randomUUID()],
    );
    shops.push(...rows.map((row) => ({ id: row.id, key: row.external_key })));
  });

  afterEach(() => {
    for (const client of open.splice(0)) client.close();
  });

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await database.drop();
  });

  const newOrder = async (shop = 0): Promise<number> => {
    const orderId = randomInt(1, 2_000_000_000);
    await database.query(
      'INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id) VALUES ($1, 1, $2)',
      [shops[shop]!.id, orderId],
    );
    return orderId;
  };

  const keyFor = async (scopes: readonly string[], externalKey?: string): Promise<string> => {
    const { body } = await services[0]!.send('POST', '/admin/keys', {
      secretKey: SECRET_KEY,
      body: { name: 'changes', scopes, external_key: externalKey },
    });
    return body['key'] as string;
  };

  const follow = async (key: string | undefined, instance = 0): Promise<ChangesClient> => {
    const ids: number[] = [];
    const client = await new Promise<ChangesClient>((resolve, reject) => {
      const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
      get(`${services[instance]!.url}/admin/changes`, { agent: false, headers }, (response) => {
        response.setEncoding('utf8').on('data', (text: string) => {
          for (const [, data] of text.matchAll(/^data: (.*)$/gm))
            ids.push(...(JSON.parse(data!) as { order_ids: number[] }).order_ids);
        });
        response.on('error', () => undefined);
        resolve({ status: response.statusCode, ids, close: () => response.destroy() });
      }).on('error', reject);
    });
    open.push(client);
    return client;
  };

  /** Waits until a client has got exactly these ids, in any order. */
  const gets = (client: ChangesClient, ids: readonly number[]): Promise<void> =>
    eventually(() => {
      expect([...client.ids].sort()).toEqual([...ids].sort());
      return Promise.resolve();
    });

  it('it sends the ids of new and changed orders, once each, on each instance', async () => {
    const clients = [await follow(SECRET_KEY, 0), await follow(SECRET_KEY, 1)];
    const orderId = await newOrder();
    for (const client of clients) await gets(client, [orderId]);
    await database.query(`UPDATE orders SET status = 'aprovado' WHERE appmax_order_id = $1`, [orderId]);
    for (const client of clients) await gets(client, [orderId, orderId]);
  });

  it('a key of a shop gets the changes of its orders only', async () => {
    const own = await follow(await keyFor(['read'], 'shop'));
    const all = await follow(SECRET_KEY);
    const others = await newOrder(1);
    const ours = await newOrder(0);
    await gets(all, [others, ours]);
    await gets(own, [ours]);
  });

  it('a caller without a key, or without the scope, gets no stream', async () => {
    expect((await follow(undefined)).status).toBe(401);
    expect((await follow(await keyFor(['operate']))).status).toBe(403);
  });

  it.each(['/console', '/console/orders', '/console/orders/123', '/console/shops/a%20b'])(
    'the page of %s is one document without anything inline, and is not kept',
    async (path) => {
      const { status, headers, text } = await send('GET', `${services[0]!.url}${path}`);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(text).not.toMatch(/<script(?![^>]* src=)|<style|style=/);
      const script = /src="(\/web\/console-[^"]+\.js)"/.exec(text)?.[1] ?? '';
      expect((await send('GET', `${services[0]!.url}${script}`)).status).toBe(200);
    },
  );

  it('the language of the page is that of the reader', async () => {
    const page = async (path: string, language: string): Promise<string | undefined> => {
      const { text } = await send('GET', `${services[0]!.url}${path}`, {
        headers: { 'accept-language': language },
      });
      return /<html lang="([^"]+)"/.exec(text)?.[1];
    };
    expect([await page('/console', 'en'), await page('/console?lang=pt-BR', 'en')]).toEqual(['en', 'pt-BR']);
  });

  it.each(['/consoles', '/admin/unknown', '/api/unknown'])(
    'the unknown path %s is a JSON 404',
    async (path) => {
      const { status, body } = await send('GET', `${services[0]!.url}${path}`);
      expect([status, body['code']]).toEqual([404, 'not_found']);
    },
  );
});
