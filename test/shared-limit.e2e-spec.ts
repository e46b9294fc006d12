import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClientType } from '@redis/client';
import { TokenBuckets } from '../src/cache';
import { connectToRedis, keysLike } from './support/redis';
import { cardPayment, CUSTOMER, ORDER } from './support/shop';
import { chargesByOrder, startSystem, type TestSystem } from './support/system';

const BUCKET = { burst: 20, perSecond: 10 };

describe('A bucket of tokens in Redis', () => {
  let redis: RedisClientType;
  let instances: readonly [TokenBuckets, TokenBuckets];

  beforeAll(async () => {
    redis = await connectToRedis();
    instances = [new TokenBuckets(redis), new TokenBuckets(redis)];
  });

  afterAll(async () => {
    await redis.disconnect();
  });

  it('instances that take at random never get more than the burst and what was earned since', async () => {
    const bucket = { key: 'test:random', ...BUCKET };
    const startedAt = performance.now();
    let granted = 0;
    for (let round = 0; round < 40; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          instances[index % 2]!.take(bucket, [{ count: (round * 7 + index) % 4, reserved: index % 3 }]),
        ),
      );
      for (const answer of answers) {
        granted += answer!.granted[0]!;
        expect(answer!.left).toBeGreaterThanOrEqual(0);
      }
      await sleep(20);
      // Redis has whole milliseconds.
      const earned = ((performance.now() - startedAt + 1) / 1000) * bucket.perSecond;
      expect(granted).toBeLessThanOrEqual(bucket.burst + earned);
    }
    expect(granted).toBeGreaterThanOrEqual(bucket.burst);
  });

  it('each request leaves its reserve, and the first ones are served first', async () => {
    const take = async (...requests: [count: number, reserved: number][]) =>
      (await instances[0].take(
        { key: 'test:reserve', burst: 20, perSecond: 0.001 },
        requests.map(([count, reserved]) => ({ count, reserved })),
      ))!.granted;
    expect(await take([2, 0], [30, 4], [30, 5])).toEqual([2, 14, 0]);
    expect(await take([0, 0], [1, 4], [1, 5])).toEqual([0, 0, 0]);
    expect(await take([9, 0], [1, 4], [1, 5])).toEqual([4, 0, 0]);
    expect(await take([1, 0])).toEqual([0]);
  });

  it('a bucket is deleted when it would be full, and a clock that goes back earns nothing', async () => {
    const bucket = { key: 'test:full', ...BUCKET };
    await instances[0].take(bucket, [{ count: 10, reserved: 0 }]);
    const [key] = await keysLike(redis, '*test:full');
    const expiry = await redis.pTTL(key!);
    expect(expiry).toBeGreaterThan(1_000);
    expect(expiry).toBeLessThanOrEqual(2_000);
    await redis.set(key!, `3.000000 ${Date.now() + 3_600_000}`);
    expect(await instances[1].take(bucket, [{ count: 2, reserved: 0 }])).toEqual({ granted: [2], left: 1 });
    await sleep(50);
    const later = await instances[1].take(bucket, [{ count: 0, reserved: 0 }]);
    expect(later!.left).toBeGreaterThan(1.4);
  });
});

/** Each one takes three calls: with two bursts of 50 all would be sent at once, and Appmax would refuse some. */
const PAYMENTS = 20;

describe('Two instances with one limit for each merchant', () => {
  let system: TestSystem;

  beforeAll(async () => {
    system = await startSystem({ APPMAX_RATE_BURST: '50', APPMAX_RATE_PER_SECOND: '5' });
    // Appmax's own rule: 50 calls of a merchant at once, then 5 a second; more are answered with 429.
    await system.control.change({ rate_limits: true });
  });

  afterAll(async () => {
    await system.stop();
  });

  it('Appmax refuses none of their calls, and all payments are made', async () => {
    await system.control.clearRequests();
    const answers = await Promise.all(
      Array.from({ length: PAYMENTS }, (_, index) =>
        system.services[index % 2]!.send('POST', `/checkout/${system.key}/pay/credit-card`, {
          body: { customer: CUSTOMER, order: ORDER, payment: cardPayment() },
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const { requests } = await system.control.requests(1_000);
    expect(requests.length).toBeGreaterThanOrEqual(3 * PAYMENTS);
    expect(requests.filter(({ status }) => status === 429)).toEqual([]);
    expect([...(await chargesByOrder(system.control)).values()]).toEqual(answers.map(() => 1));
  });
});
