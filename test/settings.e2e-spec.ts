import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from './support/database';
import { exitCodeOf, launchService, spawnService } from './support/service';

describe('Settings as people write them', () => {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-settings-'));
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });

  afterAll(async () => {
    await database.drop();
    rmSync(directory, { recursive: true });
  });

  /** Writes `.env` as it is given. @returns the directory. */
  const withFile = (text: string): string => {
    writeFileSync(join(directory, '.env'), text);
    return directory;
  };

  it.each([
    [
      '\uFEFFWEBHOOK_TOKEN=wt#0123456789abcdef # the token\r\nCORS_ORIGINS=https://shop.example/ # the shop\r\nNGROK_URL=abc.ngrok-free.app\r\n',
      'wt#0123456789abcdef',
    ],
    [
      'export WEBHOOK_TOKEN="wt # 0123456789abcdef"\nCORS_ORIGINS=" https://SHOP.example , http://localhost:3000/ "\nNGROK_URL="https://abc.ngrok-free.app/"',
      'wt # 0123456789abcdef',
    ],
    [
      "  WEBHOOK_TOKEN = 'wt\"0123456789abcdef'\nCORS_ORIGINS='https://shop.example'\nNGROK_URL = abc.ngrok-free.app/ ",
      'wt"0123456789abcdef',
    ],
  ])('the file %j is understood', async (text, token) => {
    const service = await spawnService({ ...database.environment }, withFile(text));
    try {
      const deliver = (given: string): Promise<{ status: number }> =>
        service.send('POST', `/webhooks/appmax?token=${encodeURIComponent(given)}`, { body: { event: 'x' } });
      expect((await deliver(token)).status).toBe(200);
      expect((await deliver(token.slice(0, 2))).status).toBe(401);
      const asked = await service.send('OPTIONS', '/checkout/shop/config', {
        headers: { origin: 'https://shop.example', 'access-control-request-method': 'GET' },
      });
      expect(asked.headers.get('access-control-allow-origin')).toBe('https://shop.example');
      const { body } = await service.send('GET', '/openapi.json');
      expect(body['servers']).toEqual([expect.objectContaining({ url: 'https://abc.ngrok-free.app' })]);
    } finally {
      await service.stop();
    }
  });

  it.each<[string, string, Record<string, string>, string]>([
    ['CORS_ORIGINS without a scheme', 'CORS_ORIGINS=shop.example', {}, 'CORS_ORIGINS'],
    ['CORS_ORIGINS with a path', 'CORS_ORIGINS=https://shop.example/checkout', {}, 'CORS_ORIGINS'],
    ['a TRUST_PROXY that does not parse', 'TRUST_PROXY=nginx', {}, 'TRUST_PROXY'],
    [
      'no address in production',
      'APP_URL=" "',
      { APP_ENV: 'production' },
      'APP_URL is required in production',
    ],
    [
      "Appmax's production with APP_ENV=local",
      'APPMAX_DOMAIN_NAMES=',
      { APP_ENV: 'local', APPMAX_API_URL: 'https://api.appmax.com.br' },
      "APPMAX_API_URL is Appmax's production, but APP_ENV is local",
    ],
    ['a quote that is not closed', 'WEBHOOK_TOKEN="wt_0123456789abcdef', {}, '.env: line 1'],
  ])('%s is refused at start in one plain line', async (_, text, variables, line) => {
    const service = await launchService({ ...database.environment, ...variables }, withFile(text));
    expect(await exitCodeOf(service.child)).toBe(1);
    const faults = service
      .output()
      .split('\n')
      .filter((entry) => entry.trim() !== '');
    expect(faults).toEqual([
      expect.stringContaining('The environment has 1 fault(s)') as string,
      expect.stringContaining(line) as string,
    ]);
  });
});
