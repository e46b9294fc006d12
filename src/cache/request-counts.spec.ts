import type { RedisClientType } from '@redis/client';
import { RequestCounts } from './request-counts';

const LIMIT = { key: 'limit:payment:someone', limit: 3, milliseconds: 60_000 };

describe('Requests counted in the memory of the process', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('requests are allowed up to the limit in any period, and a refusal has the time to wait', async () => {
    const counts = new RequestCounts(null);
    const at = async (now: number): Promise<number> => {
      jest.setSystemTime(now);
      return (await counts.count(LIMIT)).waitMilliseconds;
    };
    expect([await at(0), await at(20_000), await at(40_000)]).toEqual([0, 0, 0]);
    expect([await at(45_000), await at(59_999)]).toEqual([15_000, 1]);
    expect([await at(60_000), await at(60_001)]).toEqual([0, 19_999]);
    expect([await at(80_000), await at(80_001)]).toEqual([0, 19_999]);
  });

  it('each key has its own count', async () => {
    const counts = new RequestCounts(null);
    for (let index = 0; index < 4; index += 1) await counts.count(LIMIT);
    expect(await counts.count(LIMIT)).toMatchObject({ hits: 4, waitMilliseconds: 60_000 });
    expect(await counts.count({ ...LIMIT, key: 'another' })).toMatchObject({ hits: 1, waitMilliseconds: 0 });
  });

  it('a request that is taken back no longer counts', async () => {
    const counts = new RequestCounts(null);
    const [first] = [await counts.count(LIMIT), await counts.count(LIMIT), await counts.count(LIMIT)];
    expect((await counts.peek(LIMIT)).waitMilliseconds).toBe(60_000);
    await counts.takeBack(LIMIT, first.requestId);
    expect(await counts.peek(LIMIT)).toMatchObject({ hits: 3, waitMilliseconds: 0 });
    await counts.takeBack({ ...LIMIT, key: 'another' }, first.requestId);
    expect((await counts.peek(LIMIT)).hits).toBe(3);
  });
});

describe('The preview of a count', () => {
  it('a preview returns the count without counting', async () => {
    const counts = new RequestCounts(null);
    for (let index = 0; index < 5; index += 1)
      expect(await counts.peek(LIMIT)).toMatchObject({ hits: 1, waitMilliseconds: 0 });
    for (let index = 0; index < 3; index += 1) await counts.count(LIMIT);
    const met = await counts.peek(LIMIT);
    expect(met.hits).toBe(4);
    expect(met.waitMilliseconds).toBeGreaterThan(59_000);
  });
});

describe('Requests counted in Redis', () => {
  it('the count in Redis is used', async () => {
    const client = { eval: jest.fn(() => Promise.resolve([4, 1500])) };
    const counts = new RequestCounts(client as unknown as RedisClientType);
    expect(await counts.count(LIMIT)).toMatchObject({ hits: 4, waitMilliseconds: 1500 });
    expect(client.eval).toHaveBeenCalledWith(expect.any(String), {
      keys: ['appmax_checkout_limit:payment:someone'],
      arguments: ['3', '60000', 'count', expect.any(String)],
    });
  });

  it('a count whose answer came too late is also taken back in Redis', async () => {
    const [evaluate, remove] = [
      jest.fn(() => new Promise(() => undefined)),
      jest.fn(() => Promise.resolve(1)),
    ];
    const counts = new RequestCounts({ eval: evaluate, zRem: remove } as unknown as RedisClientType);
    const { requestId } = await counts.count(LIMIT);
    await counts.takeBack(LIMIT, requestId);
    expect(evaluate).toHaveBeenCalledWith(expect.any(String), {
      keys: ['appmax_checkout_limit:payment:someone'],
      arguments: ['3', '60000', 'count', requestId],
    });
    expect(remove).toHaveBeenCalledWith('appmax_checkout_limit:payment:someone', requestId);
    expect((await counts.count(LIMIT)).hits).toBe(1);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['refuses', () => Promise.reject(new Error('The client is closed'))],
    ['hangs', () => new Promise(() => undefined)],
  ])('requests are counted in memory while Redis %s', async (_, answer) => {
    const counts = new RequestCounts({ eval: answer } as unknown as RedisClientType);
    const start = performance.now();
    const hits = [(await counts.count(LIMIT)).hits, (await counts.count(LIMIT)).hits];
    expect(hits).toEqual([1, 2]);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
