import { AppmaxFailure, type FailureKind } from '../failures/appmax-failure';
import { Deadline } from './deadline';
import { mayRepeat, withRetries } from './retry';

const failure = (kind: FailureKind, status?: number): AppmaxFailure =>
  new AppmaxFailure(kind, 'call', { status });

describe('mayRepeat', () => {
  it.each<[FailureKind, number | undefined, boolean, boolean]>([
    // kind, status, may a harmless call be repeated, may one that can have had an effect
    ['unavailable', undefined, true, true],
    ['unknown', undefined, true, false],
    ['unknown', 500, false, false],
    ['unknown', 502, true, false],
    ['unknown', 503, true, false],
    ['unknown', 504, true, false],
    ['rate_limited', 429, true, false],
    // Our own rate limiter: the call has waited for the longest time allowed.
    ['rate_limited', undefined, false, false],
    ['refused', 400, false, false],
    ['refused', 404, false, false],
    ['declined', 402, false, false],
    ['unauthorized', 401, false, false],
    ['suspended', undefined, false, false],
  ])(
    'after %s (%s), a harmless call may be repeated: %s, another one: %s',
    (kind, status, harmless, never) => {
      expect(mayRepeat(failure(kind, status), 'harmless')).toBe(harmless);
      expect(mayRepeat(failure(kind, status), 'never')).toBe(never);
    },
  );
});

describe('withRetries', () => {
  const soon = (): Deadline => new Deadline(10).start();

  it('a harmless call is repeated until it succeeds', async () => {
    const call = jest.fn<Promise<string>, []>();
    call
      .mockRejectedValueOnce(failure('unavailable'))
      .mockRejectedValueOnce(failure('unavailable'))
      .mockResolvedValue('done');
    expect(await withRetries(call, { repetition: 'never', deadline: soon() })).toBe('done');
    expect(call).toHaveBeenCalledTimes(3);
  });

  it('a call that may have had an effect is sent once', async () => {
    const call = jest.fn().mockRejectedValue(failure('unknown', 503));
    await expect(withRetries(call, { repetition: 'never', deadline: soon() })).rejects.toMatchObject({
      status: 503,
    });
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('a call fails after five attempts', async () => {
    const call = jest.fn().mockRejectedValue(failure('unavailable'));
    await expect(withRetries(call, { repetition: 'harmless', deadline: soon() })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(call).toHaveBeenCalledTimes(5);
  });

  it('a call does not wait for an attempt after its deadline', async () => {
    const call = jest
      .fn()
      .mockRejectedValue(new AppmaxFailure('rate_limited', 'call', { status: 429, retryAfterSeconds: 60 }));
    await expect(withRetries(call, { repetition: 'harmless', deadline: soon() })).rejects.toMatchObject({
      retryAfterSeconds: 60,
    });
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('a call whose next attempt our rate limiter refuses fails with the failure before', async () => {
    const call = jest
      .fn()
      .mockRejectedValueOnce(failure('unavailable'))
      .mockRejectedValue(new AppmaxFailure('rate_limited', 'own limit', { retryAfterSeconds: 1 }));
    await expect(withRetries(call, { repetition: 'never', deadline: soon() })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('an attempt with less than a second left is not made', async () => {
    const call = jest.fn().mockRejectedValue(failure('unavailable'));
    const deadline = new Deadline(1.05).start();
    await expect(withRetries(call, { repetition: 'harmless', deadline })).rejects.toThrow();
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('an error that is not a failure of Appmax is not retried', async () => {
    const call = jest.fn().mockRejectedValue(new TypeError('ours'));
    await expect(withRetries(call, { repetition: 'harmless', deadline: soon() })).rejects.toThrow('ours');
    expect(call).toHaveBeenCalledTimes(1);
  });
});
