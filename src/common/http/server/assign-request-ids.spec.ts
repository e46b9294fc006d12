import { type AddressInfo, connect, type Socket } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import { currentRequest, requestIdFrom } from '../request-context';
import { assignRequestIds } from './assign-request-ids';
import { refuseAddress } from './early-refusals';

let app: FastifyInstance;

beforeEach(() => {
  app = fastify({
    genReqId: ({ headers }) => requestIdFrom(headers['x-request-id']),
    frameworkErrors: refuseAddress,
  });
  assignRequestIds(app);
});

afterEach(() => app.close());

/** Sends a GET over a connection that is kept alive. */
function send(socket: Socket, path: string, id: string): void {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: ${id}\r\n\r\n`);
}

describe('assignRequestIds', () => {
  it("the caller's id is that of the answer, and of the request's context", async () => {
    app.get('/', () => Promise.resolve({ ...pick(currentRequest()) }));
    const answer = await app.inject({ url: '/?a=b', headers: { 'x-request-id': 'mine' } });
    expect(answer.headers['x-request-id']).toBe('mine');
    expect(answer.json()).toEqual({ id: 'mine', method: 'GET', url: '/?a=b' });
  });

  it('a route without a context has the id in its answer, and other routes have their context', async () => {
    const bare = fastify();
    assignRequestIds(bare, ['/without/:key']);
    for (const url of ['/without/:key', '/with'])
      bare.get(url, () => ({ hasContext: currentRequest() !== undefined }));
    const answers = await Promise.all(['/without/1', '/with'].map((url) => bare.inject(url)));
    expect(answers.map((answer) => answer.json<unknown>())).toEqual([
      { hasContext: false },
      { hasContext: true },
    ]);
    for (const { headers } of answers) expect(headers['x-request-id']).toBeDefined();
    await bare.close();
  });

  it.each(['/unknown', '/%E0%A4%A'])('the answer to %s has an id', async (url) => {
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    const answer = await fetch(`${origin}${url}`, { headers: { 'x-request-id': 'mine' } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers.get('x-request-id')).toBe('mine');
  });

  it('the answer to a request that comes while the service stops has an id', async () => {
    let finishFirst = (): void => undefined;
    const firstRuns = new Promise<void>((resolve) => {
      app.get('/slow', async () => {
        resolve();
        await new Promise<void>((finish) => (finishFirst = finish));
        return {};
      });
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    send(socket, '/slow', 'before');
    await firstRuns;
    const secondArrives = new Promise((resolve) => app.server.once('request', resolve));
    const closed = app.close();
    await new Promise(setImmediate);
    send(socket, '/slow', 'while-stopping');
    await secondArrives;
    finishFirst();
    await Promise.all([ended, closed]);
    const answers = received.split(/(?=HTTP\/1\.1 )/);
    expect(answers).toHaveLength(2);
    expect(answers[1]).toMatch(/^HTTP\/1\.1 503 /);
    expect(answers[1]).toMatch(/^x-request-id: while-stopping\r$/im);
  });
});

function pick(request: ReturnType<typeof currentRequest>): object {
  return { id: request?.id, method: request?.method, url: request?.url };
}
