import { randomInt } from 'node:crypto';
import type { RedisClientType } from '@redis/client';
import { startHouse, type House } from './support/house';
import type { Answer } from './support/http';
import { metricsOf } from './support/metrics';
import { connectToRedis, keysLike } from './support/redis';
import { freePort } from './support/servers';
import { startService } from './support/service';
import { cardPayment, CPF, CUSTOMER, ORDER } from './support/shop';

const DECLINED = '4000000000000002';

const newAddress = (): string => `10.9.${String(randomInt(256))}.${String(randomInt(256))}`;

describe('Cards that are tried one after the other', () => {
  let house: House;
  let redis: RedisClientType;

  beforeAll(async () => {
    house = await startHouse({ RATE_LIMIT: 'on', TRUST_PROXY: '1' });
    redis = await connectToRedis();
  });

  beforeEach(async () => {
    await redis.flushDb();
  });

  afterAll(async () => {
    await redis.disconnect();
    await house.stop();
  });

  const call = (path: string, body: unknown, from = newAddress(), instance = 0): Promise<Answer> =>
    house.services[instance]!.send('POST', `/checkout/${house.key}/${path}`, {
      body,
      headers: { 'x-forwarded-for': from },
    });

  const newOrder = async (): Promise<number> =>
    (await call('order', { customer: CUSTOMER, order: ORDER })).body['order_id'] as number;

  const pay = (orderId: number, number?: string, from?: string, instance?: number): Promise<Answer> =>
    call('pay/credit-card', { order_id: orderId, payment: cardPayment(number) }, from, instance);

  /** How many cards both instances have slowed and refused so far. */
  const heldBack = async (): Promise<{ slowed: number; refused: number }> => {
    const counted = await Promise.all(house.services.map(metricsOf));
    const total = (how: string): number =>
      counted.reduce((sum, metrics) => sum + (metrics.get(`cards_held_back_total{how="${how}"}`) ?? 0), 0);
    return { slowed: total('slowed'), refused: total('refused') };
  };

  /** As if so many more had been declined a moment ago. */
  const declineMore = async (subject: 'order' | 'address', count: number): Promise<void> => {
    const [key, ...others] = await keysLike(redis, `*limit:declines_${subject}:*`);
    expect([typeof key, others]).toEqual(['string', []]);
    const members = Array.from({ length: count }, (_, index) => ({
      score: Date.now() - index,
      value: `more.${String(randomInt(1e9))}`,
    }));
    await redis.zAdd(key!, members);
  };

  it('let an honest shopper mistype twice, and pay', async () => {
    const orderId = await newOrder();
    const from = newAddress();
    const before = await heldBack();
    expect((await pay(orderId, DECLINED, from)).status).toBe(422);
    expect((await pay(orderId, DECLINED, from)).status).toBe(422);
    expect((await pay(orderId, undefined, from)).status).toBe(200);
    expect(await heldBack()).toEqual(before);
  });

  it('are slowed for an order and then refused, whoever tries, on all instances; Pix goes on', async () => {
    const orderId = await newOrder();
    expect((await pay(orderId, DECLINED)).status).toBe(422);
    await declineMore('order', 3);
    const start = performance.now();
    const { slowed, refused } = await heldBack();
    expect((await pay(orderId, DECLINED, newAddress(), 1)).status).toBe(422);
    expect(performance.now() - start).toBeGreaterThan(1_900);
    expect(await heldBack()).toEqual({ slowed: slowed + 1, refused });
    await declineMore('order', 3);
    for (const instance of [0, 1]) {
      const answer = await pay(orderId, undefined, newAddress(), instance);
      expect([answer.status, answer.body]).toEqual([
        429,
        { message: 'too many declined payments: try again later' },
      ]);
      const wait = Number(answer.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(3_500);
      expect(wait).toBeLessThanOrEqual(3_600);
    }
    expect(await heldBack()).toEqual({ slowed: slowed + 1, refused: refused + 2 });
    expect((await call('pay/pix', { order_id: orderId, document_number: CPF })).status).toBe(200);
    expect((await pay(await newOrder())).status).toBe(200);
  });

  it('are refused to an address, before an order is made for it at Appmax', async () => {
    const from = newAddress();
    const body = { customer: CUSTOMER, order: ORDER, payment: cardPayment(DECLINED) };
    expect((await call('pay/credit-card', body, from)).status).toBe(422);
    await declineMore('address', 11);
    const { total } = await house.control.requests(1);
    const answer = await call('pay/credit-card', body, from, 1);
    expect([answer.status, answer.body['message']]).toEqual([
      429,
      'too many declined payments: try again later',
    ]);
    expect((await house.control.requests(1)).total).toBe(total);
    expect((await call('pay/credit-card', body)).status).toBe(422);
  });

  it('leave nothing in Redis that tells an address', async () => {
    const from = newAddress();
    await pay(await newOrder(), DECLINED, from);
    expect((await keysLike(redis, '*')).join('\n')).not.toContain(from);
  });

  it('are not counted with RATE_LIMIT=off', async () => {
    const service = await startService({
      ...house.environment,
      RATE_LIMIT: 'off',
      APP_PORT: String(await freePort()),
    });
    const body = { customer: CUSTOMER, order: ORDER, payment: cardPayment(DECLINED) };
    for (let count = 0; count < 14; count += 1) {
      const answer = await service.send('POST', `/checkout/${house.key}/pay/credit-card`, { body });
      expect(answer.status).toBe(422);
    }
    await service.stop();
    expect(await keysLike(redis, '*declines*')).toEqual([]);
  });
});
