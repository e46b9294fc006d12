import { randomUUID } from 'node:crypto';
import { codeOf } from '../src/common/errors/api-error';
import { createDatabase, type TestDatabase } from './support/database';
import type { Answer } from './support/http';
import { SECRET_KEY, startService, type TestService } from './support/service';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const APP_ID = randomUUID();
const TOKEN = 'f'.repeat(48);
const CALLBACK = '/integrations/appmax/callback/install';

/** Returns the state of each step of the checklist in a page. */
function statesIn(text: string): Record<string, string> {
  const steps = [...text.matchAll(/data-step="(\w+)" data-state="(\w+)"/g)];
  return Object.fromEntries(steps.map(([, step, state]) => [step!, state!] as const));
}

describe('The pages', () => {
  let database: TestDatabase;
  let bare: TestService;
  let configured: TestService;

  beforeAll(async () => {
    database = await createDatabase();
    bare = await startService({
      ...database.environment,
      APP_ENV: 'local',
      APP_URL: 'http://127.0.0.1',
      API_SECRET_KEYS: '',
      APP_NAME: 'Loja <b>1</b>',
    });
    configured = await startService({
      ...database.environment,
      APP_URL: 'https://pay.example.com/',
      APPMAX_ADMIN_URL: 'https://breakingcode.sandboxappmax.com.br',
      APPMAX_APP_ID_UUID: APP_ID,
      APPMAX_APP_ID_NUMERIC: '42',
      APPMAX_CLIENT_ID: 'app-client',
      APPMAX_CLIENT_SECRET: 'app-hunter2',
      WEBHOOK_TOKEN: TOKEN,
    });
  });

  afterAll(async () => {
    await Promise.all([bare.stop(), configured.stop()]);
    await database.drop();
  });

  const open = (service: TestService, path: string): Promise<Answer> =>
    service.send('GET', path, { headers: { accept: BROWSER } });

  it.each(['/', '/webhooks/appmax', '/install/start', CALLBACK, '/health', '/health/ready'])(
    'the page %s is HTML for a phone, without anything inline',
    async (path) => {
      const { status, headers, text } = await open(configured, path);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('vary')).toContain('Accept');
      expect(text).toMatch(/^<!doctype html><html lang="en">/);
      expect(text).toContain('name="viewport"');
      expect(text.replace(/<script type="module" src="[\w./-]+"><\/script>/, '')).not.toMatch(
        /<script|style=|<style| on\w+=/,
      );
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(text).not.toContain('hunter2');
    },
  );

  it("the pages' script and stylesheets exist", async () => {
    const { text } = await open(configured, '/');
    const files = [...text.matchAll(/(?:src|href)="(\/web\/[^"]+)"/g)].map(([, file]) => file!);
    expect(files.map((file) => file.slice(file.lastIndexOf('.')))).toEqual(['.css', '.css', '.js']);
    for (const file of files) expect((await configured.send('GET', file)).status).toBe(200);
    // The pages' own styles come after those of the design system.
    expect(files[0]).toContain('styles');
  });

  it.each([
    ['/', 'en', 'Este serviço vende pela Appmax'],
    ['/webhooks/appmax', 'en', 'Registrar o webhook'],
    ['/install/start', 'en', 'O external_key do lojista'],
    [CALLBACK, 'en', 'Pronto'],
    ['/health', 'en', 'O serviço está em execução.'],
    ['/health/ready', 'en', 'O serviço está pronto.'],
  ])('the page %s is in the language of ?lang=, then of the reader', async (path, other, portuguese) => {
    const reader = { headers: { accept: BROWSER, 'accept-language': 'pt-BR' } };
    const byReader = await configured.send('GET', path, reader);
    expect(byReader.text).toContain('<html lang="pt-BR">');
    expect(byReader.text).toContain(portuguese);
    expect(byReader.headers.get('vary')).toContain('Accept-Language');
    expect(byReader.text).toMatch(new RegExp(`<a href="\\?[^"]*lang=${other}"`));
    expect((await configured.send('GET', `${path}?lang=en`, reader)).text).toContain('<html lang="en">');
    expect((await open(configured, `${path}?lang=pt-BR`)).text).toContain(portuguese);
  });

  it('every link of the home page works', async () => {
    const { text } = await open(configured, '/');
    const links = [...text.matchAll(/<a (?:class="\w+" )?href="(\/[^"]*)"/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(3);
    for (const path of links) expect([path, (await open(configured, path)).status]).toEqual([path, 200]);
  });

  it('the home page shows a stranger the environment and the addresses, and nothing of the set-up', async () => {
    const { text, headers } = await open(configured, '/');
    for (const path of [CALLBACK, '/webhooks/appmax', '/install/start'])
      expect(text).toMatch(new RegExp(`<code id="[\\w-]+">https://pay\\.example\\.com${path}</code>`));
    expect(text).toContain('Sandbox');
    expect(text).not.toMatch(/data-step|data-state|APPMAX_|token=/);
    expect(headers.get('cache-control')).toBe('no-cache');
    expect((await open(bare, '/')).text).toContain('Loja &lt;b&gt;1&lt;/b&gt;');
    const wrongKey = { headers: { accept: BROWSER }, secretKey: 'sk_wrong_0123456789abcdef' };
    expect((await configured.send('GET', '/', wrongKey)).text).not.toContain('data-step');
  });

  it('the home page shows a holder of a secret key what is set up, and the webhook with its token', async () => {
    const request = { headers: { accept: BROWSER }, secretKey: SECRET_KEY };
    const { text, headers } = await configured.send('GET', '/', request);
    expect(statesIn(text)).toEqual({
      settings: 'done',
      database: 'done',
      migrations: 'done',
      cache: 'done',
      background: 'done',
      publicUrl: 'done',
      // Nothing answers at the address of Appmax.
      credentials: 'unknown',
      installation: 'missing',
      webhook: 'missing',
      sale: 'missing',
    });
    expect(text).toContain(`https://pay.example.com/webhooks/appmax?token=${TOKEN}`);
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await open(configured, '/')).text).not.toContain(TOKEN);
  });

  it("the home page of a developer's own machine shows what is missing, the first webhook once it came", async () => {
    const { text } = await open(bare, '/');
    const variables = [...text.matchAll(/<code>([A-Z_]+)<\/code>/g)].map(([, name]) => name);
    expect(variables).toEqual([
      'APPMAX_APP_ID_UUID',
      'APPMAX_APP_ID_NUMERIC',
      'APPMAX_CLIENT_ID',
      'APPMAX_CLIENT_SECRET',
      'API_SECRET_KEYS',
      'WEBHOOK_TOKEN',
    ]);
    expect(statesIn(text)).toMatchObject({
      settings: 'missing',
      publicUrl: 'missing',
      credentials: 'missing',
    });
    await bare.send('POST', '/webhooks/appmax', { body: { event: 'CustomerCreated' } });
    expect(statesIn((await open(bare, '/')).text)).toMatchObject({ webhook: 'done' });
  });

  it('the home page shows the first sale once an order was paid, also after its refund', async () => {
    const saleState = async (): Promise<unknown> => statesIn((await open(bare, '/')).text)['sale'];
    const [installation] = await database.query<{ id: number }>(
      `INSERT INTO installations (external_key, app_id, merchant_client_id, merchant_client_secret, external_id)
       VALUES ('first-sale', 'app', 'client', 'secret', gen_random_uuid()) RETURNING id`,
    );
    await database.query(
      `INSERT INTO orders (installation_id, appmax_order_id, appmax_customer_id, status)
       VALUES ($1, 4711, 1, 'cancelado')`,
      [installation!.id],
    );
    expect(await saleState()).toBe('missing');
    await database.query("UPDATE orders SET status = 'autorizado'");
    expect(await saleState()).toBe('missing');
    await database.query("UPDATE orders SET status = 'estornado'");
    expect(await saleState()).toBe('done');
    await database.query('DELETE FROM orders');
    await database.query('DELETE FROM installations');
  });

  it('the webhook guide shows where to register the webhook, and its URL', async () => {
    const { text } = await open(configured, '/webhooks/appmax');
    expect(text).toContain('href="https://breakingcode.sandboxappmax.com.br/v2/apphook"');
    expect(text).toContain('<code id="webhook-url">https://pay.example.com/webhooks/appmax</code>');
  });

  it.each([
    ['/install/start', APP_ID, ''],
    ['/install/start?external_key=%22%3E%3Cb%3E', APP_ID, '&quot;&gt;&lt;b&gt;'],
    ['/install/start?app_id=another', 'another', ''],
    ['/install/start?app_id=', APP_ID, ''],
  ])(
    'the page %s has an install button and a form with the known values',
    async (path, appId, externalKey) => {
      const { status, text } = await open(configured, path);
      expect(status).toBe(200);
      expect(text).toContain('<button type="submit" class="button primary">Install</button>');
      expect(text).toContain(`name="app_id" value="${appId}"`);
      expect(text).toContain(`name="external_key" value="${externalKey}"`);
    },
  );

  it('a browser gets an error as a page with its status and message', async () => {
    const answer = await open(configured, '/install/start?app_id=nonsense&external_key=shop');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    expect(answer.text).toContain('<p>invalid app_id</p>');
  });

  it.each([
    ['/install/start', 'app_id is required'],
    [`/install/start?app_id=${APP_ID}`, 'external_key is required'],
    [CALLBACK, 'token is required'],
  ])('%s answers JSON to a client that is not a browser', async (path, message) => {
    for (const accept of ['application/json', '*/*']) {
      const answer = await configured.send('GET', path, { headers: { accept } });
      expect([answer.status, answer.body]).toEqual([400, { message, code: codeOf(message) }]);
      expect(answer.headers.get('content-type')).toContain('application/json');
    }
  });
});
