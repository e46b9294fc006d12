import { LONGEST_WAIT_SECONDS, MerchantLimiter, RUNNING_CALLS } from './merchant-limiter';
import type { Priority } from './priority';

describe('MerchantLimiter', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const limiter = (): MerchantLimiter => new MerchantLimiter({ burst: 50, perSecond: 5 });

  /** Starts calls and records the time at which each is sent, in seconds. */
  const calls = (
    subject: MerchantLimiter,
    count: number,
    {
      merchant = 'shop',
      priority = 'payment',
      longest,
      lasts = 0,
    }: { merchant?: string; priority?: Priority; longest?: number; lasts?: number } = {},
  ): { left: number[]; refused: unknown[] } => {
    const notes = { left: [] as number[], refused: [] as unknown[] };
    for (let call = 0; call < count; call += 1) {
      subject.acquire(merchant, priority, longest).then(
        (release) => {
          notes.left.push(performance.now() / 1000);
          setTimeout(release, lasts * 1000);
        },
        (error: unknown) => notes.refused.push(error),
      );
    }
    return notes;
  };

  it('a burst is sent at once, then a fixed number of calls a second', async () => {
    const { left } = calls(limiter(), 60);
    await jest.advanceTimersByTimeAsync(0);
    expect(left).toHaveLength(50);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(left).toHaveLength(55);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(left).toHaveLength(60);
  });

  it('no period of time has more calls than burst and rate allow', async () => {
    const { left } = calls(limiter(), 100);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(left).toHaveLength(100);
    for (const from of left) {
      for (const to of left.filter((time) => time >= from)) {
        const between = left.filter((time) => time >= from && time <= to).length;
        expect(between).toBeLessThanOrEqual(50 + (to - from) * 5 + 1);
      }
    }
  });

  it('calls of shoppers are sent before background calls', async () => {
    const subject = limiter();
    calls(subject, 50);
    const background = calls(subject, 5, { priority: 'background' });
    const shoppers = calls(subject, 5, { priority: 'shopper' });
    await jest.advanceTimersByTimeAsync(3_000);
    expect([shoppers.left.length, background.left.length]).toEqual([5, 0]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(background.left).toHaveLength(5);
  });

  it('each merchant has its own limit', async () => {
    const subject = limiter();
    calls(subject, 500, { merchant: 'loud' });
    const { left } = calls(subject, 50, { merchant: 'quiet' });
    await jest.advanceTimersByTimeAsync(0);
    expect(left).toHaveLength(50);
  });

  it('a call that would wait too long is refused at once, with the seconds to wait', async () => {
    const subject = limiter();
    calls(subject, 60);
    const { left, refused } = calls(subject, 1, { longest: 1 });
    await jest.advanceTimersByTimeAsync(10_000);
    expect(left).toEqual([]);
    expect(refused).toMatchObject([{ kind: 'rate_limited', retryAfterSeconds: 3 }]);
  });

  it.each<[Priority, number]>([
    ['payment', 50 + LONGEST_WAIT_SECONDS.payment * 5],
    ['shopper', 40 + LONGEST_WAIT_SECONDS.shopper * 5],
    ['background', 40 + LONGEST_WAIT_SECONDS.background * 5],
  ])('a %s call waits at most for the longest wait of its priority', async (priority, taken) => {
    const { left, refused } = calls(limiter(), taken + 10, { priority });
    await jest.advanceTimersByTimeAsync(0);
    expect(refused).toHaveLength(10);
    expect(refused[0]).toMatchObject({
      kind: 'rate_limited',
      status: undefined,
      retryAfterSeconds: LONGEST_WAIT_SECONDS[priority] + 1,
    });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(left).toHaveLength(taken);
  });

  it('a background call that shoppers have delayed for too long is refused', async () => {
    const subject = limiter();
    calls(subject, 50);
    const { left, refused } = calls(subject, 1, { priority: 'background' });
    for (let second = 0; second < 40; second += 1) {
      calls(subject, 10, { priority: 'shopper' });
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(left).toEqual([]);
    expect(refused).toMatchObject([{ kind: 'rate_limited', status: undefined }]);
  });

  it('a change of the system clock has no effect', async () => {
    const subject = limiter();
    calls(subject, 50);
    jest.setSystemTime(3_600_000);
    const { left } = calls(subject, 1);
    await jest.advanceTimersByTimeAsync(100);
    expect(left).toEqual([]);
    await jest.advanceTimersByTimeAsync(100);
    expect(left).toHaveLength(1);
  });

  it('the burst is restored while a merchant makes no calls', async () => {
    const subject = limiter();
    calls(subject, 50);
    await jest.advanceTimersByTimeAsync(10_000);
    const { left } = calls(subject, 60);
    await jest.advanceTimersByTimeAsync(0);
    expect(left).toHaveLength(50);
  });

  it('payments are sent at once while any number of other calls wait', async () => {
    const subject = limiter();
    const others = calls(subject, 80, { priority: 'shopper' });
    const payments = calls(subject, 10);
    await jest.advanceTimersByTimeAsync(0);
    expect([others.left.length, payments.left.length]).toEqual([40, 10]);
    const next = calls(subject, 5);
    await jest.advanceTimersByTimeAsync(1_000);
    expect([others.left.length, next.left.length]).toEqual([40, 5]);
  });

  it('a shopper whose call payments have delayed for too long is told so', async () => {
    const subject = limiter();
    calls(subject, 50);
    const { left, refused } = calls(subject, 1, { priority: 'shopper' });
    for (let second = 0; second < 12; second += 1) {
      calls(subject, 5);
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(left).toEqual([]);
    expect(refused).toMatchObject([{ kind: 'rate_limited', status: undefined }]);
  });

  it('the running calls of a merchant are limited by priority, and one that ends makes room', async () => {
    const subject = new MerchantLimiter({ burst: 1_000, perSecond: 1_000 });
    const { left } = calls(subject, RUNNING_CALLS.shopper + 5, { priority: 'shopper', lasts: 5 });
    const payments = calls(subject, 3);
    await jest.advanceTimersByTimeAsync(4_000);
    expect([left.length, payments.left.length]).toEqual([RUNNING_CALLS.shopper, 3]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(left).toHaveLength(RUNNING_CALLS.shopper + 5);
  });
});
