import { AppmaxFailure, type FailureKind } from '../failures/appmax-failure';
import { Deadline } from './deadline';
import { mayRepeat, withRetries } from './retry';

const failure = (kind: FailureKind, status?: number): AppmaxFailure =>
  new AppmaxFailure(kind, 'call', { status });

describe('mayRepeat', () => {
  it.each<[FailureKind, number | undefined, boolean, boolean]>([
    // kind, status, a harmless call, one that may have had its effect
    ['unavailable', undefined, true, true],
    ['unknown', undefined, true, false],
    ['unknown', 500, false, false],
    ['unknown', 502, true, false],
    ['unknown', 503, true, false],
    ['unknown', 504, true, false],
    ['rate_limited', 429, true, false],
    // Our own limiter: the call has waited for as long as it may.
    ['rate_limited', undefined, false, false],
    ['refused', 400, false, false],
    ['refused', 404, false, false],
    ['declined', 402, false, false],
    ['unauthorized', 401, false, false],
    ['suspended', undefined, false, false],
  ])('after %s (%s): harmless %s, otherwise %s', (kind, status, harmless, never) => {
    expect(mayRepeat(failure(kind, status), 'harmless')).toBe(harmless);
    expect(mayRepeat(failure(kind, status), 'never')).toBe(never);
  });
});

describe('withRetries', () => {
  const soon = (): Deadline => new Deadline(10).start();

  it('repeats until the call succeeds', async () => {
    const call = jest.fn<Promise<string>, []>();
    call
      .mockRejectedValueOnce(failure('unavailable'))
      .mockRejectedValueOnce(failure('unavailable'))
      .mockResolvedValue('done');
    expect(await withRetries(call, { repetition: 'never', deadline: soon() })).toBe('done');
    expect(call).toHaveBeenCalledTimes(3);
  });

  it('sends a call that may have had its effect once', async () => {
    const call = jest.fn().mockRejectedValue(failure('unknown', 503));
    await expect(withRetries(call, { repetition: 'never', deadline: soon() })).rejects.toMatchObject({
      status: 503,
    });
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('gives up after five attempts', async () => {
    const call = jest.fn().mockRejectedValue(failure('unavailable'));
    await expect(withRetries(call, { repetition: 'harmless', deadline: soon() })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(call).toHaveBeenCalledTimes(5);
  });

  it('does not wait for a turn that comes after the deadline', async () => {
    const call = jest
      .fn()
      .mockRejectedValue(new AppmaxFailure('rate_limited', 'call', { status: 429, retryAfterSeconds: 60 }));
    await expect(withRetries(call, { repetition: 'harmless', deadline: soon() })).rejects.toMatchObject({
      retryAfterSeconds: 60,
    });
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('tells why the call failed, where there was no turn for another attempt', async () => {
    const call = jest
      .fn()
      .mockRejectedValueOnce(failure('unavailable'))
      .mockRejectedValue(new AppmaxFailure('rate_limited', 'own limit', { retryAfterSeconds: 1 }));
    await expect(withRetries(call, { repetition: 'never', deadline: soon() })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(call).toHaveBeenCalledTimes(2);
  });

  it('does not make an attempt that would have less than a second', async () => {
    const call = jest.fn().mockRejectedValue(failure('unavailable'));
    const deadline = new Deadline(1.05).start();
    await expect(withRetries(call, { repetition: 'harmless', deadline })).rejects.toThrow();
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('lets what is no failure of Appmax pass', async () => {
    const call = jest.fn().mockRejectedValue(new TypeError('ours'));
    await expect(withRetries(call, { repetition: 'harmless', deadline: soon() })).rejects.toThrow('ours');
    expect(call).toHaveBeenCalledTimes(1);
  });
});
