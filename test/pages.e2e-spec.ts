import { randomUUID } from 'node:crypto';
import { codeOf } from '../src/common/errors/api-error';
import { createDatabase, type TestDatabase } from './support/database';
import type { Answer } from './support/http';
import { startService, type TestService } from './support/service';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const APP_ID = randomUUID();
const CALLBACK = '/integrations/appmax/callback/install';

describe('The pages', () => {
  let database: TestDatabase;
  let bare: TestService;
  let configured: TestService;

  beforeAll(async () => {
    database = await createDatabase();
    bare = await startService({ ...database.environment, API_SECRET_KEYS: '', APP_NAME: 'Loja <b>1</b>' });
    configured = await startService({
      ...database.environment,
      APP_URL: 'https://pay.example.com/',
      APPMAX_ADMIN_URL: 'https://breakingcode.sandboxappmax.com.br',
      APPMAX_APP_ID_UUID: APP_ID,
      APPMAX_APP_ID_NUMERIC: '42',
      APPMAX_CLIENT_ID: 'app-client',
      APPMAX_CLIENT_SECRET: 'app-hunter2',
    });
  });

  afterAll(async () => {
    await Promise.all([bare.stop(), configured.stop()]);
    await database.drop();
  });

  const open = (service: TestService, path: string): Promise<Answer> =>
    service.send('GET', path, { headers: { accept: BROWSER } });

  it.each(['/', '/webhooks/appmax', '/install/start', CALLBACK, '/health', '/health/ready'])(
    'the page %s is HTML for a phone, without a script',
    async (path) => {
      const { status, headers, text } = await open(configured, path);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('vary')).toContain('Accept');
      expect(text).toMatch(/^<!doctype html><html lang="en">/);
      expect(text).toContain('name="viewport"');
      expect(text).not.toMatch(/<script|style=|<style| on\w+=/);
      expect(text).not.toContain('hunter2');
    },
  );

  it("the pages' stylesheet exists", async () => {
    const { text } = await open(configured, '/');
    const sheet = await configured.send('GET', /href="([^"]+\.css)"/.exec(text)![1]!);
    expect([sheet.status, sheet.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect(sheet.text).toContain('body');
  });

  it('every link of the home page works', async () => {
    const { text } = await open(configured, '/');
    const links = [...text.matchAll(/<a href="(\/[^"]*)"/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(3);
    for (const path of links) expect([path, (await open(configured, path)).status]).toEqual([path, 200]);
  });

  it('the home page lists the variables that are missing', async () => {
    const { text } = await open(bare, '/');
    const variables = [...text.matchAll(/<code>([A-Z_]+)<\/code>/g)].map(([, name]) => name);
    expect(variables).toEqual([
      'APPMAX_APP_ID_UUID',
      'APPMAX_APP_ID_NUMERIC',
      'APPMAX_CLIENT_ID',
      'APPMAX_CLIENT_SECRET',
      'API_SECRET_KEYS',
    ]);
    expect(text).toContain('Loja &lt;b&gt;1&lt;/b&gt;');
    expect((await open(configured, '/')).text).toContain('Everything is configured');
  });

  it('the webhook guide shows where to register the webhook, and its URL', async () => {
    const { text } = await open(configured, '/webhooks/appmax');
    expect(text).toContain('href="https://breakingcode.sandboxappmax.com.br/v2/apphook"');
    expect(text).toContain('<code>https://pay.example.com/webhooks/appmax</code>');
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
      expect(text).toContain('<button type="submit">Install</button>');
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
