import { Logger } from '@nestjs/common';
import type { TokensTaken } from '../../cache';
import { CallTokens, type Level, PRIORITIES, type SharedBuckets } from './call-tokens';
import { MerchantLimiter } from './merchant-limiter';

const RATE = { burst: 50, perSecond: 5 };

/** A Redis whose answers a test decides: undefined is no answer. */
class Shared implements SharedBuckets {
  answer: TokensTaken | undefined;
  readonly take = jest.fn(() => Promise.resolve(this.answer));

  constructor(answer?: TokensTaken) {
    this.answer = answer;
  }
}

const taken = (granted: readonly number[], left: number, instances: number): TokensTaken => ({
  granted,
  left,
  instances,
});

describe('CallTokens', () => {
  let warn: jest.SpyInstance;
  let log: jest.SpyInstance;

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    log = jest.spyOn(Logger.prototype, 'log').mockImplementation();
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  /** Takes as many tokens as there are. */
  const takeAll = async (tokens: CallTokens, level: Level): Promise<number> =>
    (await tokens.take('shop', level, [1_000, 0, 0]))[0] ?? 0;

  it('the shared bucket decides, and the client id is not in its key', async () => {
    const shared = new Shared(taken([2, 1, 0], 9.5, 3));
    const tokens = new CallTokens(RATE, shared);
    const level = tokens.newLevel();
    expect(await tokens.take('client-id', level, [2, 5, 1])).toEqual([2, 1, 0]);
    expect(level).toMatchObject({ tokens: 9.5, isShared: true });
    expect(shared.take).toHaveBeenCalledWith(
      { key: expect.stringMatching(/^appmax_calls:[\w-]{43}$/) as string, burst: 50, perSecond: 5 },
      [
        { count: 2, reserve: 0 },
        { count: 5, reserve: 10 },
        { count: 1, reserve: 11 },
      ],
    );
  });

  it('without an answer of Redis, an instance spends its part of what was left and of the rate', async () => {
    const shared = new Shared(taken([0, 0, 0], 40, 4));
    const tokens = new CallTokens(RATE, shared);
    const level = tokens.newLevel();
    await takeAll(tokens, level);
    shared.answer = undefined;
    expect(await takeAll(tokens, level)).toBe(10);
    jest.advanceTimersByTime(4_000);
    // A quarter of 5 a second, for 4 s.
    expect(await takeAll(tokens, level)).toBe(5);
    jest.advanceTimersByTime(600_000);
    expect(await takeAll(tokens, level)).toBe(12);
    // Another merchant starts with the same part of the burst.
    expect(await takeAll(tokens, tokens.newLevel())).toBe(12);
  });

  it('a Redis that does not answer is asked once a second, and that is logged once', async () => {
    const shared = new Shared();
    const tokens = new CallTokens(RATE, shared);
    const level = tokens.newLevel();
    for (let call = 0; call < 50; call += 1) {
      await tokens.take('shop', level, [1, 0, 0]);
      jest.advanceTimersByTime(100);
    }
    expect(shared.take).toHaveBeenCalledTimes(5);
    expect(warn).toHaveBeenCalledTimes(1);
    shared.answer = taken([1, 0, 0], 30, 2);
    jest.advanceTimersByTime(1_000);
    await tokens.take('shop', level, [1, 0, 0]);
    await tokens.take('shop', level, [1, 0, 0]);
    expect(level).toMatchObject({ tokens: 30, isShared: true });
    expect(log).toHaveBeenCalledTimes(1);
  });

  it('a burst of one call leaves no reserve, so that every priority can be sent', () => {
    const tokens = new CallTokens({ burst: 1, perSecond: 1 }, new Shared());
    expect(PRIORITIES.map((each) => tokens.reserveOf(tokens.newLevel(), each))).toEqual([0, 0, 0]);
  });

  it('a queue that waits for Redis is not lost when its answer is late', async () => {
    const answers: ((answer: TokensTaken) => void)[] = [];
    const limiter = new MerchantLimiter(RATE, {
      take: () => new Promise((resolve) => answers.push(resolve)),
    });
    const sent: string[] = [];
    const call = (name: string, priority: (typeof PRIORITIES)[number]): void => {
      void limiter.acquire('shop', priority).then(() => sent.push(name));
    };
    call('background', 'background');
    await jest.advanceTimersByTimeAsync(50);
    call('payment', 'payment');
    answers[0]!(taken([0, 0, 0], 1.5, 2));
    // The background call needs more tokens than there are; the payment, which came meanwhile, has one.
    await jest.advanceTimersByTimeAsync(1);
    answers[1]!(taken([1, 0, 0], 0.5, 2));
    await jest.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(['payment']);
    answers[2]!(taken([0, 0, 0], 0.5, 2));
    await jest.advanceTimersByTimeAsync(2_400);
    answers[3]!(taken([0, 0, 1], 11, 2));
    await jest.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(['payment', 'background']);
  });
});
