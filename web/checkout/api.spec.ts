import { Refusal, SessionApi } from './api';

type Step = {
  readonly status: number;
  readonly body: object;
  readonly headers?: Record<string, string>;
} | null;

const RATE_LIMITED: Step = {
  status: 429,
  body: { message: 'too many requests', code: 'too_many_requests' },
  headers: { 'retry-after': '60' },
};

describe("The payment page's calls", () => {
  const sent: { readonly url: string; readonly key: string | null }[] = [];

  /** Answers the next requests in turn; null: the answer is lost, as are those after the last one. */
  const answerWith = (...steps: readonly Step[]): void => {
    const remaining = [...steps];
    sent.length = 0;
    jest.spyOn(globalThis, 'fetch').mockImplementation((url, init) => {
      sent.push({ url: url as string, key: new Headers(init?.headers).get('idempotency-key') });
      const step = remaining.shift() ?? null;
      if (step === null) return Promise.reject(new TypeError('lost'));
      const { status, body, headers = {} } = step;
      return Promise.resolve(new Response(JSON.stringify(body), { status, headers }));
    });
  };

  const refusalOf = async (call: Promise<unknown>): Promise<Refusal> => {
    let thrown: unknown;
    const ended = call.catch((error: unknown) => (thrown = error));
    await jest.advanceTimersByTimeAsync(60_000);
    await ended;
    expect(thrown).toBeInstanceOf(Refusal);
    return thrown as Refusal;
  };

  beforeEach(() => jest.useFakeTimers());

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('a payment without an answer is repeated with the key of the click, then there is no network', async () => {
    answerWith();
    expect(await refusalOf(new SessionApi('/pay/cs_1').pay('pix', {}, 'click-1'))).toMatchObject({
      status: 0,
      code: 'network',
    });
    expect(sent.length).toBeGreaterThan(2);
    expect(new Set(sent.map(({ url, key }) => `${url} ${String(key)}`))).toEqual(
      new Set(['/pay/cs_1/pix click-1']),
    );
  });

  it('a rate limit after a lost answer is no refusal of the payment', async () => {
    answerWith(null, RATE_LIMITED);
    const refusal = await refusalOf(new SessionApi('/pay/cs_1').pay('credit-card', {}, 'click-1'));
    expect(refusal.code).toBe('payment_outcome_unknown');
  });

  it.each([
    ['a rate limit', RATE_LIMITED, 'too_many_requests'],
    ['a decline', { status: 422, body: { code: 'payment_declined' } }, 'payment_declined'],
    ['an error page of a proxy', { status: 404, body: {} }, 'other'],
  ])('%s as the first answer is what it is', async (_, step, code) => {
    answerWith(step);
    const refusal = await refusalOf(new SessionApi('/pay/cs_1').pay('credit-card', {}, 'click-1'));
    expect([refusal.code, sent.length]).toEqual([code, 1]);
  });

  it("the server's clock is known after an answer", async () => {
    const ahead = new Date(Date.now() + 3_600_000).toUTCString();
    answerWith({ status: 200, body: { status: 'open' }, headers: { date: ahead } });
    const api = new SessionApi('/pay/cs_1');
    expect(await api.status()).toEqual({ status: 'open' });
    expect(Math.abs(api.clockOffset - 3_600_000)).toBeLessThan(1_500);
  });
});
