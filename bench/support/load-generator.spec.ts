import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateLoad } from './load-generator';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly header: string | undefined;
  readonly body: string;
}

describe('generateLoad', () => {
  let server: Server;
  let origin: string;
  let seen: Seen[];
  let connections: number;
  let respond: (response: ServerResponse, request: Seen) => void;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const read = {
          method,
          url,
          header: headers['x-number']?.toString(),
          body: String(Buffer.concat(chunks)),
        };
        seen.push(read);
        respond(response, read);
      });
    });
    server.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    seen = [];
    connections = 0;
    respond = (response) => response.end('{"message":"ok"}');
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('requests have their numbers in path, headers and body, and keep their connections', async () => {
    const load = await generateLoad({
      origin,
      path: '/orders/{n}',
      headers: { 'x-number': '{n}' },
      body: '{"name":"ação {n}"}',
      numbers: { from: 7 },
      connections: 3,
      count: 10,
    });
    expect(seen.map(({ url }) => url).sort()).toEqual(
      [7, 8, 9, 10, 11, 12, 13, 14, 15, 16].map((number) => `/orders/${number}`).sort(),
    );
    expect(seen.find(({ url }) => url === '/orders/12')).toEqual({
      method: 'POST',
      url: '/orders/12',
      header: '12',
      body: '{"name":"ação 12"}',
    });
    expect(connections).toBe(3);
    expect([load.requests, load.durations.length, load.byStatus, load.nextNumber]).toEqual([
      10,
      10,
      { 200: 10 },
      17,
    ]);
    expect(Math.min(...load.durations)).toBeGreaterThan(0);
  });

  it('numbers repeat after their span', async () => {
    await generateLoad({ origin, path: '/{n}', numbers: { from: 5, span: 2 }, connections: 1, count: 5 });
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /5',
      'GET /6',
      'GET /5',
      'GET /6',
      'GET /5',
    ]);
  });

  it('a load by time ends, and counts what was answered', async () => {
    const load = await generateLoad({ origin, path: '/', connections: 2, seconds: 0.05 });
    expect(load.requests).toBe(seen.length);
    expect(load.perSecond).toBeGreaterThan(0);
  });

  it('an answer that comes in pieces is one answer', async () => {
    respond = (response) => {
      response.setHeader('content-length', 6);
      response.write('abc');
      setImmediate(() => response.end('def'));
    };
    expect((await generateLoad({ origin, path: '/', connections: 1, count: 3 })).requests).toBe(3);
  });

  it('an unexpected status ends the load with an error', async () => {
    respond = (response, { url }) => {
      response.statusCode = url === '/3' ? 503 : 200;
      response.end('{}');
    };
    await expect(generateLoad({ origin, path: '/{n}', connections: 1, count: 10 })).rejects.toThrow(
      '(3): answered 503',
    );
    expect(
      (await generateLoad({ origin, path: '/{n}', connections: 1, count: 10, expect: [200, 503] })).byStatus,
    ).toEqual({ 200: 9, 503: 1 });
  });

  it('a lost connection ends the load with an error', async () => {
    respond = (response) => response.destroy();
    await expect(generateLoad({ origin, path: '/', connections: 1, count: 2 })).rejects.toThrow('closed');
  });

  it('an answer without a length is refused', async () => {
    respond = (response) => {
      response.write('{}');
      response.end();
    };
    await expect(generateLoad({ origin, path: '/', connections: 1, count: 2 })).rejects.toThrow(
      'Content-Length',
    );
  });

  it('a load without an end is refused', async () => {
    await expect(generateLoad({ origin, path: '/' })).rejects.toThrow('needs seconds or a count');
  });
});
