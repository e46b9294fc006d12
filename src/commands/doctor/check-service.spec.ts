import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkPublicUrl } from './check-service';

/** An answer of the program behind the public URL: a status, a body, headers. */
type Reply = readonly [status: number, body: string, headers?: Record<string, string>];

const HEALTHY: Reply = [200, '{"status":"ok"}'];
const REFUSED: Reply = [400, '{"code":"invalid_body"}'];

describe('checkPublicUrl', () => {
  let server: Server;
  let publicUrl: string;
  let health = HEALTHY;
  let webhook = REFUSED;
  const requests: string[] = [];

  beforeAll((done) => {
    server = createServer((request: IncomingMessage, response) => {
      requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
      const [status, body, headers] = request.method === 'POST' ? webhook : health;
      response.writeHead(status, headers).end(body);
    }).listen(0, '127.0.0.1', () => {
      publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });

  afterAll(() => server.close());

  beforeEach(() => {
    [health, webhook] = [HEALTHY, REFUSED];
  });

  const check = (
    environment: 'local' | 'production' = 'local',
    webhookToken: string | undefined = 'a secret',
  ) => checkPublicUrl({ environment, publicUrl, webhookToken });

  it('the token is sent with the webhook, and not shown', async () => {
    const findings = await check();
    expect(findings.map(({ state }) => state)).toEqual(['warning', 'ok']);
    expect(requests).toContain('POST /webhooks/appmax?token=a%20secret');
    expect(JSON.stringify(findings)).not.toContain('secret');
  });

  it.each<[string, Reply]>([
    ['redirects', [301, '', { location: 'https://www.example.com/health' }]],
    ['which is not the answer of the service', [404, 'Not found']],
    ['which is not the answer of the service', [200, '<html>Another page</html>']],
  ])('a public URL that reaches another program is a failure: it %s', async (text, reply) => {
    health = reply;
    expect(await check()).toMatchObject([
      { check: 'public URL', state: 'failed', text: expect.stringContaining(text) as string },
      { check: 'webhook path', state: 'skipped' },
    ]);
  });

  it.each<[string, Reply]>([
    ['the token is not that of the running service', [401, '{"code":"unauthorized"}']],
    ['the service is not ready', [503, '{"code":"not_ready"}']],
    ['which is not the answer of the service', [403, 'Blocked by the firewall']],
    ['which is not the answer of the service', [200, '{}']],
  ])('a webhook path that does not work is a failure: %s', async (text, reply) => {
    webhook = reply;
    expect((await check())[1]).toMatchObject({
      state: 'failed',
      text: expect.stringContaining(text) as string,
    });
  });

  it('a production with an address of this machine is a failure', async () => {
    expect((await check('production'))[0]).toMatchObject({
      state: 'failed',
      text: expect.stringContaining('not an https address') as string,
    });
  });
});
