import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { campaign } from './support/campaign';
import type { Answer } from './support/http';
import { inParallel } from './support/many';
import { SECRET_KEY } from './support/service';
import { cardPayment, CUSTOMER, ORDER, ORDER_TOTAL } from './support/shop';
import { startSystem, type TestSystem } from './support/system';

const REPEATS = campaign(1_000, 200);
const REFUNDS = campaign(100, 25);
const REFUND_CENTS = 1_000;

describe('The same request many times at once, on two services with one database', () => {
  let system: TestSystem;

  beforeAll(async () => {
    system = await startSystem();
  });

  afterAll(async () => {
    await system.stop();
  });

  const post = (route: string, body: unknown, instance: number, key: string): Promise<Answer> =>
    system.services[instance]!.send('POST', `/checkout/${system.key}/${route}`, {
      body,
      headers: { 'idempotency-key': key },
    });

  it(`${REPEATS} simultaneous requests with one key make one charge and get identical responses`, async () => {
    const key = randomUUID();
    const buy = { customer: CUSTOMER, order: ORDER, payment: cardPayment() };
    const before = (await system.control.ledger()).length;
    const answers = await inParallel(Array.from({ length: REPEATS }), 200, async (_, index) => {
      for (;;) {
        const answer = await post('pay/credit-card', buy, index % 2, key);
        if (answer.status !== 409 && answer.status !== 503) return answer;
      }
    });
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const replayed = answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true');
    expect(replayed).toHaveLength(REPEATS - 1);
    expect((await system.control.ledger()).length - before).toBe(1);
  }, 180_000);

  it(`${REFUNDS} simultaneous partial refunds never exceed the total`, async () => {
    const order = await post('order', { customer: CUSTOMER, order: ORDER }, 0, randomUUID());
    const orderId = order.body['order_id'] as number;
    await post('pay/credit-card', { order_id: orderId, payment: cardPayment() }, 0, randomUUID());
    const answers = await inParallel(Array.from({ length: REFUNDS }), 50, async (_, index) => {
      for (;;) {
        const answer = await system.services[index % 2]!.send('POST', `/checkout/${system.key}/refund`, {
          body: { order_id: orderId, type: 'partial', value: REFUND_CENTS },
          secretKey: SECRET_KEY,
        });
        // A refund that waited too long for the others is answered 409 and sent again.
        if (answer.status !== 409) return answer;
        await sleep(250);
      }
    });
    const accepted = answers.filter(({ status }) => status === 200).length;
    expect(accepted).toBe(Math.floor(ORDER_TOTAL / REFUND_CENTS));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 422]));
    const refunds = (await system.control.order(orderId)).refunds;
    expect(refunds.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(ORDER_TOTAL);
  });
});
