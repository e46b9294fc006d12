import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, type TestDatabase } from './support/database';
import { SECRET_KEY, startService, type TestService } from './support/service';

const REQUEST_SECONDS = 2;
/** The service checks for slow connections once a second. */
const CUT_OFF_WITHIN_SECONDS = REQUEST_SECONDS + 3;

describe('The server', () => {
  let database: TestDatabase;
  let service: TestService;
  let behindTls: TestService;

  beforeAll(async () => {
    database = await createDatabase();
    const environment = { ...database.environment, REQUEST_TIMEOUT: String(REQUEST_SECONDS) };
    service = await startService(environment);
    behindTls = await startService({ ...database.environment, APP_URL: 'https://pay.example.com' });
  });

  afterAll(async () => {
    await Promise.all([service.stop(), behindTls.stop()]);
    await database.drop();
  });

  it.each([
    ['a success', 'GET', '/health', {}],
    ['a page', 'GET', '/', {}],
    ['the API documentation', 'GET', '/docs', {}],
    ['an unknown route', 'GET', '/nowhere', {}],
    ['a 401', 'GET', '/admin/orders', {}],
    ['an invalid body', 'POST', '/webhooks/appmax', { body: '{' }],
    ['an unknown installation', 'GET', '/checkout/nobody/status/1', {}],
  ])('the response to %s has all security headers', async (_, method, path, options) => {
    const { headers } = await service.send(method, path, options);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).not.toMatch(/script-src[^;]*'unsafe/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    for (const name of ['x-powered-by', 'server', 'strict-transport-security'])
      expect(headers.get(name)).toBeNull();
  });

  it.each(['/', '/docs'])(
    'the page %s has no inline script, only script files of the service',
    async (path) => {
      const { text } = await service.send('GET', path, { headers: { accept: 'text/html' } });
      expect(text).toContain('<!doctype html>');
      expect(text.replace(/<script (type="module" )?src="[\w./-]+"><\/script>/g, '')).not.toMatch(
        /<script|\son\w+=|javascript:/i,
      );
    },
  );

  it('a service with an https APP_URL sends Strict-Transport-Security', async () => {
    const { headers } = await behindTls.send('GET', '/health');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it('no response may be cached, except public files and pages', async () => {
    const cacheControl = async (path: string): Promise<string | null> =>
      (await service.send('GET', path, { secretKey: SECRET_KEY })).headers.get('cache-control');
    expect(await cacheControl('/admin/installations')).toBe('no-store');
    expect(await cacheControl('/installations/nobody/merchant/token')).toBe('no-store');
    expect(await cacheControl('/')).toBe('no-store');
    expect((await service.send('GET', '/')).headers.get('cache-control')).toBe('no-cache');
  });

  it.each(['/', '/docs', '/docs/start.js', '/docs/swagger-ui.css', '/openapi.json'])(
    '%s has an ETag, and is answered 304 without a body to a client that has it',
    async (path) => {
      const first = await service.send('GET', path);
      const etag = first.headers.get('etag') ?? '';
      expect([first.status, etag]).toEqual([200, expect.stringMatching(/^"[\w-]{43}"$/)]);
      for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
        const again = await service.send('GET', path, { headers: { 'if-none-match': tag } });
        expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
      }
      const changed = await service.send('GET', path, { headers: { 'if-none-match': '"other"' } });
      expect([changed.status, changed.text]).toEqual([200, first.text]);
    },
  );

  it.each(['br', 'gzip'])(
    'public files and pages are compressed by %s if the client accepts it',
    async (encoding) => {
      for (const path of ['/', '/docs/swagger-ui.css', '/openapi.json']) {
        const plain = await service.send('GET', path, { headers: { 'accept-encoding': 'identity' } });
        const packed = await service.send('GET', path, { headers: { 'accept-encoding': encoding } });
        expect([path, plain.headers.get('content-encoding')]).toEqual([path, null]);
        expect([path, packed.headers.get('content-encoding')]).toEqual([path, encoding]);
        expect(packed.headers.get('vary')).toContain('Accept-Encoding');
        expect(packed.text).toBe(plain.text);
        expect(packed.headers.get('etag')).not.toBe(plain.headers.get('etag'));
      }
      const secret = await service.send('GET', '/admin/orders', {
        secretKey: SECRET_KEY,
        headers: { 'accept-encoding': encoding },
      });
      expect(secret.headers.get('content-encoding')).toBeNull();
    },
  );

  it('the page of /health has an ETag, its JSON has none', async () => {
    const page = await service.send('GET', '/health', { headers: { accept: 'text/html' } });
    const json = await service.send('GET', '/health');
    expect([page.headers.get('etag'), json.headers.get('etag')]).toEqual([expect.any(String), null]);
    expect(json.headers.get('cache-control')).toBe('no-store');
  });

  it('headers that are too large are answered 431', async () => {
    const answer = await service.send('GET', '/health', { headers: { 'x-large': 'x'.repeat(17_000) } });
    expect([answer.status, answer.body]).toEqual([
      431,
      { message: 'request headers are too large', code: 'request_headers_too_large' },
    ]);
  });

  it('no body can change a prototype', async () => {
    for (const body of [
      '{"__proto__":{"polluted":true},"event":{"__proto__":{"polluted":true}}}',
      '{"constructor":{"prototype":{"polluted":true}},"event":"x","data":{"__proto__":{"polluted":true}}}',
    ]) {
      await service.send('POST', '/webhooks/appmax', { body });
      await service.send('POST', '/checkout/nobody/order', { body });
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  describe('The request timeout', () => {
    const open = async (): Promise<Socket> => {
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    };

    /** Writes `drop` every 0.1 s until the server closes the connection. @returns the time that took, and the response. */
    const drip = async (first: string, drop: string): Promise<{ seconds: number; response: string }> => {
      const begun = Date.now();
      const socket = await open();
      let response = '';
      socket.on('data', (chunk: Buffer) => (response += chunk.toString()));
      const closed = new Promise((resolve) => socket.once('close', resolve));
      // Bytes that are written while the service cuts the client off are answered with a reset.
      socket.on('error', () => undefined);
      if (first !== '') socket.write(first);
      const timer = setInterval(() => {
        if (drop !== '' && socket.writable) socket.write(drop);
      }, 100);
      await Promise.race([closed, sleep(CUT_OFF_WITHIN_SECONDS * 2_000, undefined, { ref: false })]);
      clearInterval(timer);
      socket.destroy();
      return { seconds: (Date.now() - begun) / 1000, response };
    };

    const POST = 'POST /webhooks/appmax HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

    it.each([
      [
        'sends headers that never end',
        'GET /health HTTP/1.1\r\nHost: x\r\n',
        'X-Slow: 1\r\n',
        /^HTTP\/1\.1 408 /,
      ],
      ['sends a body that never ends', `${POST}Content-Length: 5000\r\n\r\n`, ' ', /^HTTP\/1\.1 408 /],
      [
        'sends chunks that never end',
        `${POST}Transfer-Encoding: chunked\r\n\r\n`,
        '1\r\n \r\n',
        /^HTTP\/1\.1 408 /,
      ],
      ['sends nothing at all', '', '', /^(HTTP\/1\.1 408 |$)/],
    ])('a client that %s is cut off', async (_, first, drop, expected) => {
      const { seconds, response } = await drip(first, drop);
      expect(seconds).toBeLessThan(CUT_OFF_WITHIN_SECONDS);
      expect(response).toMatch(expected);
    });

    it('300 slow clients are cut off, while others are answered at once', async () => {
      const sockets = await Promise.all(Array.from({ length: 300 }, open));
      const closed = sockets.map((socket) => once(socket.resume(), 'close'));
      for (const socket of sockets) socket.write('GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ');
      const begun = Date.now();
      for (let count = 0; count < 20; count += 1)
        expect((await service.send('GET', '/health')).status).toBe(200);
      expect(Date.now() - begun).toBeLessThan(1_500);
      await Promise.all(closed);
      expect((Date.now() - begun) / 1000).toBeLessThan(CUT_OFF_WITHIN_SECONDS);
    });
  });

  it('a service stops although a client has opened a connection on which it sends nothing', async () => {
    const stopping = await startService(database.environment);
    const socket = connect(Number(new URL(stopping.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket.resume(), 'close');
    await stopping.stop();
    await closed;
  }, 30_000);
});
