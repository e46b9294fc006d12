import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import type { TokenBucket, TokenBuckets, TokensTaken } from '../../cache';
import { parseConfig } from '../../config';
import { SharedLimit } from './shared-limit';

const NONE = { payment: 0, shopper: 0, background: 0 };

/** A Redis whose answers a test decides: undefined is no answer. */
class Buckets {
  answer: TokensTaken | undefined = { granted: [0, 0, 0], left: 0 };
  readonly take = jest.fn<Promise<TokensTaken | undefined>, [TokenBucket, unknown]>(() =>
    Promise.resolve(this.answer),
  );

  constructor(readonly areShared = true) {}
}

function sharedLimit(buckets: Buckets, variables: Readonly<Record<string, string>> = {}) {
  const registry = new Registry();
  const config = parseConfig({ DB_PASSWORD: 'x', APP_ENV: 'local', ...variables });
  return { limit: new SharedLimit(config, buckets as unknown as TokenBuckets, registry), registry };
}

describe('SharedLimit', () => {
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

  it('the bucket of all instances has what each priority leaves in it, and no client id in its key', async () => {
    const buckets = new Buckets();
    buckets.answer = { granted: [2, 1, 0], left: 9.5 };
    const { limit } = sharedLimit(buckets);
    const wanted = { payment: 2, shopper: 5, background: 1 };
    expect(await limit.take('client-id', wanted)).toEqual({
      granted: { payment: 2, shopper: 1, background: 0 },
      left: 9.5,
    });
    expect(buckets.take).toHaveBeenCalledWith(
      { key: expect.stringMatching(/^appmax_calls:[\w-]{43}$/) as string, burst: 50, perSecond: 5 },
      [
        { count: 2, reserved: 0 },
        { count: 5, reserved: 10 },
        { count: 1, reserved: 11 },
      ],
    );
  });

  it('a burst of one call leaves nothing reserved, so that every priority can be sent', async () => {
    const buckets = new Buckets();
    await sharedLimit(buckets, { APPMAX_RATE_BURST: '1' }).limit.take('shop', NONE);
    const none = { count: 0, reserved: 0 };
    expect(buckets.take.mock.calls[0]?.[1]).toEqual([none, none, none]);
  });

  it('another merchant, rate or Appmax has another bucket', async () => {
    const buckets = new Buckets();
    await sharedLimit(buckets).limit.take('shop', NONE);
    await sharedLimit(buckets).limit.take('shop', NONE);
    await sharedLimit(buckets).limit.take('another', NONE);
    await sharedLimit(buckets, { APPMAX_RATE_BURST: '49' }).limit.take('shop', NONE);
    await sharedLimit(buckets, { APPMAX_RATE_PER_SECOND: '4' }).limit.take('shop', NONE);
    await sharedLimit(buckets, { APPMAX_API_URL: 'http://another.example' }).limit.take('shop', NONE);
    const keys = buckets.take.mock.calls.map(([{ key }]) => key);
    expect(keys[1]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(5);
  });

  it('a Redis that does not answer is asked once a second, and that is logged once', async () => {
    const buckets = new Buckets();
    buckets.answer = undefined;
    const { limit } = sharedLimit(buckets);
    for (let call = 0; call < 50; call += 1) {
      if (limit.isAsked) expect(await limit.take('shop', NONE)).toBeUndefined();
      jest.advanceTimersByTime(100);
    }
    expect(buckets.take).toHaveBeenCalledTimes(5);
    expect(warn).toHaveBeenCalledTimes(1);
    buckets.answer = { granted: [0, 0, 0], left: 1 };
    await limit.take('shop', NONE);
    await limit.take('shop', NONE);
    expect([limit.isAsked, log.mock.calls.length]).toEqual([true, 1]);
  });

  it('calls that start without the shared limit are counted if there is one', async () => {
    const { limit, registry } = sharedLimit(new Buckets());
    limit.countOwn('no_answer', 3);
    limit.countOwn('longest_wait', 1);
    expect(await registry.metrics()).toContain('{reason="no_answer"} 3');
    const memory = sharedLimit(new Buckets(false));
    memory.limit.countOwn('no_answer', 3);
    expect(memory.limit.isAsked).toBe(false);
    expect(await memory.registry.metrics()).not.toContain('reason=');
  });
});
