import { randomInt, randomUUID } from 'node:crypto';
import type { RedisClientType } from '@redis/client';
import { eventually } from './support/eventually';
import type { Answer } from './support/http';
import { counted } from './support/many';
import { metricsOf } from './support/metrics';
import { connectToRedis, keysLike } from './support/redis';
import { freePort } from './support/servers';
import { startService } from './support/service';
import { cardPayment, CPF, CUSTOMER, ORDER } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

const DECLINED = '4000000000000002';

const newAddress = (): string => `10.9.${String(randomInt(256))}.${String(randomInt(256))}`;

describe('Protection against card testing', () => {
  let system: TestSystem;
  let redis: RedisClientType;

  beforeAll(async () => {
    system = await startSystem({ RATE_LIMIT: 'on', TRUST_PROXY: '1' });
    redis = await connectToRedis();
  });

  beforeEach(async () => {
    await redis.flushDb();
  });

  afterAll(async () => {
    await redis.disconnect();
    await system.stop();
  });

  const call = (
    path: string,
    body: unknown,
    from = newAddress(),
    instance = 0,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    system.services[instance]!.send('POST', `/checkout/${system.key}/${path}`, {
      body,
      headers: { 'x-forwarded-for': from, ...headers },
    });

  const newOrder = async (): Promise<number> =>
    (await call('order', { customer: CUSTOMER, order: ORDER })).body['order_id'] as number;

  const pay = (orderId: number, number?: string, from?: string, instance?: number): Promise<Answer> =>
    call('pay/credit-card', { order_id: orderId, payment: cardPayment(number) }, from, instance);

  /** Counts the cards that both instances have slowed and refused so far. */
  const heldBack = async (): Promise<{ slowed: number; refused: number }> => {
    const counted = await Promise.all(system.services.map(metricsOf));
    const total = (how: string): number =>
      counted.reduce((sum, metrics) => sum + (metrics.get(`cards_held_back_total{how="${how}"}`) ?? 0), 0);
    return { slowed: total('slowed'), refused: total('refused') };
  };

  /** Adds a number of recent declines to the counter. */
  const declineMore = async (subject: 'order' | 'address', count: number): Promise<void> => {
    const [key, ...others] = await keysLike(redis, `*limit:declines_${subject}:*`);
    expect([typeof key, others]).toEqual(['string', []]);
    const members = Array.from({ length: count }, (_, index) => ({
      score: Date.now() - index,
      value: `more.${String(randomInt(1e9))}`,
    }));
    await redis.zAdd(key!, members);
  };

  it('a shopper whose card is declined twice can pay without a delay', async () => {
    const orderId = await newOrder();
    const from = newAddress();
    const before = await heldBack();
    expect((await pay(orderId, DECLINED, from)).status).toBe(422);
    expect((await pay(orderId, DECLINED, from)).status).toBe(422);
    expect((await pay(orderId, undefined, from)).status).toBe(200);
    expect(await heldBack()).toEqual(before);
  });

  it('cards for one order are slowed, then refused, on all instances and for all addresses, unlike Pix', async () => {
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
        { message: 'too many declined payments: try again later', code: 'too_many_declines' },
      ]);
      const wait = Number(answer.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(3_500);
      expect(wait).toBeLessThanOrEqual(3_600);
    }
    expect(await heldBack()).toEqual({ slowed: slowed + 1, refused: refused + 2 });
    expect((await call('pay/pix', { order_id: orderId, document_number: CPF })).status).toBe(200);
    expect((await pay(await newOrder())).status).toBe(200);
  });

  it.each(['402', 'error', 'success_false', 'empty_reference'] as const)(
    'a decline in the form %s is counted',
    async (decline_form) => {
      await system.control.change({ decline_form });
      const orderId = await newOrder();
      const answer = await pay(orderId, DECLINED);
      await system.control.change({ decline_form: null });
      expect([400, 422]).toContain(answer.status);
      const [key] = await keysLike(redis, '*limit:declines_order:*');
      expect(await redis.zCard(key!)).toBe(1);
    },
  );

  it('a decline whose answer was lost is counted once the order shows it', async () => {
    const orderId = await newOrder();
    await system.control.addFault({ kind: 'reset', route: 'POST /v1/payments/credit-card', when: 'after' });
    expect((await pay(orderId, DECLINED)).status).toBe(422);
    const [key] = await keysLike(redis, '*limit:declines_order:*');
    expect(await redis.zCard(key!)).toBe(1);
  });

  it('an approved card is not counted', async () => {
    expect((await pay(await newOrder())).status).toBe(200);
    // The counts are taken back while the client already has its answer.
    await eventually(async () => {
      expect(await keysLike(redis, '*limit:declines_*')).toEqual([]);
    });
  });

  it('simultaneous cards are limited like consecutive ones', async () => {
    const from = newAddress();
    await pay(await newOrder(), DECLINED, from);
    await declineMore('address', 8);
    const orders = await Promise.all(Array.from({ length: 8 }, newOrder));
    const answers = await Promise.all(
      orders.map((orderId, index) => pay(orderId, DECLINED, from, index % 2)),
    );
    // Nine were declined, so three more are allowed.
    expect(counted(answers.map(({ status }) => String(status)))).toEqual({ 422: 3, 429: 5 });
  });

  it('a repeated request gets its outcome although other declines have blocked its address', async () => {
    const from = newAddress();
    const idempotency = { 'idempotency-key': randomUUID() };
    const body = { customer: CUSTOMER, order: ORDER, payment: cardPayment() };
    const buy = (): Promise<Answer> => call('pay/credit-card', body, from, 0, idempotency);
    await system.control.addFault({ kind: 'reset', route: 'POST /v1/payments/credit-card', when: 'after' });
    const { id } = await system.control.addFault({
      kind: 'status',
      status: 500,
      route: 'GET /v1/orders/:id',
      times: null,
    });
    const lost = await buy();
    expect([lost.status, lost.body['message']]).toEqual([502, 'payment outcome unknown']);
    await pay(await newOrder(), DECLINED, from);
    await declineMore('address', 11);
    await system.control.removeFault(id);
    await eventually(async () => {
      const open = await system.database.query('SELECT 1 FROM operations WHERE settled_at IS NULL');
      expect(open).toEqual([]);
    }, 60);
    const { status, body: repeated } = await buy();
    expect([status, repeated['status']]).toEqual([200, 'aprovado']);
  }, 90_000);

  it('a card from a blocked address is refused before an order is created at Appmax', async () => {
    const from = newAddress();
    const body = { customer: CUSTOMER, order: ORDER, payment: cardPayment(DECLINED) };
    expect((await call('pay/credit-card', body, from)).status).toBe(422);
    await declineMore('address', 11);
    const { total } = await system.control.requests(1);
    const answer = await call('pay/credit-card', body, from, 1);
    expect([answer.status, answer.body['message']]).toEqual([
      429,
      'too many declined payments: try again later',
    ]);
    expect((await system.control.requests(1)).total).toBe(total);
    expect((await call('pay/credit-card', body)).status).toBe(422);
  });

  it('the counters in Redis contain no address', async () => {
    const from = newAddress();
    await pay(await newOrder(), DECLINED, from);
    expect((await keysLike(redis, '*')).join('\n')).not.toContain(from);
  });

  it('declines are not counted with RATE_LIMIT=off', async () => {
    const service = await startService({
      ...system.environment,
      RATE_LIMIT: 'off',
      APP_PORT: String(await freePort()),
    });
    const body = { customer: CUSTOMER, order: ORDER, payment: cardPayment(DECLINED) };
    for (let count = 0; count < 14; count += 1) {
      const answer = await service.send('POST', `/checkout/${system.key}/pay/credit-card`, { body });
      expect(answer.status).toBe(422);
    }
    await service.stop();
    expect(await keysLike(redis, '*declines*')).toEqual([]);
  });
});
