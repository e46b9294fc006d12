import { ApiError } from './api-error';
import { type Call, type Operation, Transport, type TransportOptions } from './transport';

const PAY: Operation = { method: 'POST', path: '/checkout/{key}/pay/pix', repeat: 'keyed' };
const READ: Operation = { method: 'GET', path: '/checkout/{key}/status/{order_id}', repeat: 'safe' };
const MAKE_KEY: Operation = { method: 'POST', path: '/admin/keys', repeat: 'never' };
const CALL: Call = { pathParameters: { key: 'my shop', order_id: 7 }, body: { document_number: '1' } };

type Step = Response | Error;

const answer = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });
const refusal = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  answer(status, { message: code, code }, headers);
const lost = (): Error => new TypeError('fetch failed');

/** A transport whose requests are answered in turn, and what it sent. */
function scripted(steps: readonly Step[], options: Partial<TransportOptions> = {}) {
  const sent: { url: string; init: RequestInit; key: string | null }[] = [];
  const remaining = [...steps];
  const transport = new Transport({
    baseUrl: 'http://service/',
    fetch: (url, init = {}) => {
      sent.push({ url: url as string, init, key: new Headers(init.headers).get('idempotency-key') });
      const step = remaining.shift() ?? lost();
      return step instanceof Error ? Promise.reject(step) : Promise.resolve(step.clone());
    },
    ...options,
  });
  return { transport, sent };
}

/** Runs a call, with time that passes at once. @returns its answer, or its error */
async function ended<Answer>(call: Promise<Answer>): Promise<Answer | ApiError> {
  let isEnded = false as boolean;
  const result = call
    .catch((error: unknown) => error as ApiError)
    .finally(() => {
      isEnded = true;
    });
  while (!isEnded) await jest.advanceTimersByTimeAsync(250);
  return result;
}

describe('A call of the client', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('a call that is repeated has one idempotency key', async () => {
    const busy = refusal(409, 'request_in_progress', { 'retry-after': '1' });
    const { transport, sent } = scripted([
      lost(),
      busy,
      refusal(500, 'internal_server_error'),
      answer(200, { order_id: 1 }),
    ]);
    expect(await ended(transport.send(PAY, CALL))).toEqual({ order_id: 1 });
    expect(sent).toHaveLength(4);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    expect(sent[0]!.key).toMatch(/^[0-9a-f]{32}$/);
    expect(sent[0]!.url).toBe('http://service/checkout/my%20shop/pay/pix');
  });

  it('two calls of which the first has succeeded have different keys', async () => {
    const { transport, sent } = scripted([answer(200, {}), answer(200, {})]);
    await ended(transport.send(PAY, CALL));
    await ended(transport.send(PAY, CALL));
    expect(sent[0]!.key).not.toBe(sent[1]!.key);
  });

  it.each([
    ['gets no answer', lost()],
    ['gets an unknown outcome', refusal(502, 'payment_outcome_unknown')],
    ['gets an error page of a proxy', new Response('<h1>Bad gateway</h1>', { status: 502 })],
  ])(
    'a call that %s says that it may have happened, and the next identical call has its key',
    async (_, step) => {
      const { transport, sent } = scripted([step, answer(200, { order_id: 1 })], {
        repeatForMilliseconds: 0,
      });
      const error = await ended(transport.send<ApiError>(PAY, CALL));
      expect(error).toBeInstanceOf(ApiError);
      expect([error.mayHaveHappened, error.idempotencyKey]).toEqual([true, sent[0]!.key]);
      await ended(transport.send(PAY, CALL));
      expect(sent.map(({ key }) => key)).toEqual([sent[0]!.key, sent[0]!.key]);
    },
  );

  it('a call that is aborted keeps its key for the same call', async () => {
    const { transport, sent } = scripted([lost(), answer(200, {})]);
    const left = new AbortController();
    const call = transport.send(PAY, { ...CALL, signal: left.signal });
    left.abort();
    expect(await ended(call)).toMatchObject({ name: 'AbortError' });
    await ended(transport.send(PAY, CALL));
    expect(sent[1]!.key).toBe(sent[0]!.key);
  });

  it.each([
    ['too_many_requests', 429],
    ['unauthorized', 401],
    ['installation_not_found', 404],
    ['session_expired', 409],
  ])('a refusal %s after a lost answer does not count as the outcome of the call', async (code, status) => {
    const step = refusal(status, code, status === 429 ? { 'retry-after': '3600' } : {});
    const { transport } = scripted([lost(), step]);
    expect(await ended(transport.send(PAY, CALL))).toMatchObject({ code, mayHaveHappened: true });
  });

  it.each([
    ['payment_declined', 422],
    ['order_already_paid', 409],
  ])('the answer %s after a lost one is the outcome of the call', async (code, status) => {
    const { transport } = scripted([lost(), refusal(status, code)]);
    expect(await ended(transport.send(PAY, CALL))).toMatchObject({ code, mayHaveHappened: false });
  });

  it.each([
    ['payment_declined', 422],
    ['payment_processing_failed', 502],
    ['invalid_request_body', 400],
    ['appmax_not_configured', 503],
  ])('the error %s is not repeated, and nothing has happened', async (code, status) => {
    const { transport, sent } = scripted([refusal(status, code), answer(200, {})]);
    expect(await ended(transport.send(PAY, CALL))).toMatchObject({ code, status, mayHaveHappened: false });
    expect(sent).toHaveLength(1);
  });

  it('a request without an idempotency key that may have had an effect is not sent again', async () => {
    const { transport, sent } = scripted([lost(), answer(200, {})]);
    expect(await ended(transport.send(MAKE_KEY, { body: {} }))).toMatchObject({
      code: 'no_answer',
      mayHaveHappened: true,
    });
    expect([sent.length, sent[0]!.key]).toEqual([1, null]);
  });

  it('a read is repeated without a key, and nothing has happened if it fails', async () => {
    const { transport, sent } = scripted([
      lost(),
      refusal(503, 'database_unavailable', { 'retry-after': '1' }),
    ]);
    expect(await ended(transport.send(READ, CALL))).toMatchObject({
      code: 'no_answer',
      mayHaveHappened: false,
    });
    expect(sent.length).toBeGreaterThan(5);
    expect(sent.every(({ key }) => key === null)).toBe(true);
  });

  it('an attempt without an answer ends after its time', async () => {
    const { transport } = scripted([], {
      repeatForMilliseconds: 0,
      timeoutMilliseconds: 1_000,
      fetch: (_, init) =>
        new Promise((__, reject) => {
          init?.signal?.addEventListener('abort', () => {
            reject(init.signal?.reason as Error);
          });
        }),
    });
    const error = await ended(transport.send<ApiError>(PAY, CALL));
    expect([error.code, (error.cause as Error).name, error.mayHaveHappened]).toEqual([
      'no_answer',
      'TimeoutError',
      true,
    ]);
  });

  it('a redirect is no success', async () => {
    const { transport, sent } = scripted([new Response(null, { status: 302, headers: { location: '/' } })]);
    expect(await ended(transport.send(PAY, CALL))).toMatchObject({
      code: 'unexpected_answer',
      mayHaveHappened: true,
    });
    expect(sent[0]!.init.redirect).toBe('manual');
  });

  it('an error has the fields of its answer', async () => {
    const errors = [{ field: 'customer.email', message: 'email must be an email' }];
    const body = { message: 'invalid request body', code: 'invalid_request_body', errors };
    const { transport } = scripted([answer(400, body, { 'x-request-id': 'r-1' })]);
    const error = await ended(transport.send<ApiError>(PAY, CALL));
    expect([error.fields, error.requestId, error.message]).toEqual([errors, 'r-1', 'invalid request body']);
  });
});
