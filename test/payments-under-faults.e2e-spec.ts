import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { campaign } from './support/campaign';
import { eventually } from './support/eventually';
import { type Answer, send } from './support/http';
import { inParallel } from './support/many';
import { freePort, stopChild } from './support/servers';
import { type ServiceProcess, spawnService } from './support/service';
import { cardPayment, CUSTOMER, ORDER } from './support/shop';
import { chargesByOrder, startSystem, type TestSystem } from './support/system';

const PAY = 'POST /v1/payments/credit-card';

/** The faults and their probabilities: before a payment, in it, and in the reads that learn its outcome. */
const FAULTS = [
  { kind: 'status', status: 502, route: PAY, when: 'before', probability: 0.04 },
  { kind: 'late', answer: 502, seconds: 2, route: PAY, probability: 0.03 },
  { kind: 'late', answer: 'reset', seconds: 1, route: PAY, probability: 0.02 },
  { kind: 'empty_body', route: PAY, when: 'after', probability: 0.02 },
  { kind: 'status', status: 503, route: PAY, when: 'after', probability: 0.04 },
  { kind: 'html', status: 504, route: PAY, when: 'after', probability: 0.03 },
  { kind: 'hang', seconds: 5, route: PAY, when: 'before', probability: 0.02 },
  { kind: 'hang', seconds: 5, route: PAY, when: 'after', probability: 0.02 },
  { kind: 'reset', route: PAY, when: 'before', probability: 0.03 },
  { kind: 'reset', route: PAY, when: 'after', probability: 0.04 },
  { kind: 'truncate', route: PAY, when: 'after', probability: 0.03 },
  { kind: 'empty_data', route: PAY, when: 'after', probability: 0.03 },
  { kind: 'status', status: 429, route: PAY, when: 'before', probability: 0.03 },
  { kind: 'token_revoked', route: '/v1/*', probability: 0.01 },
  { kind: 'status', status: 503, route: 'GET /v1/orders/:id', probability: 0.1 },
  { kind: 'reset', route: 'POST /v1/orders', when: 'after', probability: 0.02 },
  { kind: 'status', status: 503, route: 'POST /v1/customers', probability: 0.03 },
  { kind: 'status', status: 503, route: 'POST /oauth2/token', probability: 0.05 },
] as const;

const DECLINED = '4000000000000002';
const CHECKOUTS = campaign(2_000, 80);
const KILLS = campaign(50, 2);
const OUTAGE_SECONDS = campaign(30, 8);

/** Longer than a lease: what the paused process had under way is judged by others before it goes on. */
const PAUSE_SECONDS = 23;
const SECONDS_BETWEEN_PAUSES = 5;
const CLIENT_TIMEOUT_SECONDS = 5;

interface OpenCount {
  open: number;
}

describe('Payments while Appmax fails in every way', () => {
  let system: TestSystem;

  beforeAll(async () => {
    system = await startSystem();
  });

  afterAll(async () => {
    await system.stop();
  }, 60_000);

  const openAttempts = async (): Promise<number> => {
    const [row] = await system.database.query<OpenCount>(
      'SELECT count(*)::int AS open FROM operations WHERE settled_at IS NULL',
    );
    return row?.open ?? 0;
  };

  /** The orders whose row does not say what Appmax did, or whose charge no operation explains. */
  const misleadingOrders = async (charges: ReadonlyMap<number, number>): Promise<object[]> => {
    const rows = await system.database.query<{
      orderId: number;
      status: string;
      done: number;
      states: string[];
    }>(
      `SELECT o.appmax_order_id AS "orderId", o.status,
         count(p.id) FILTER (WHERE p.state = 'done' AND p.superseded_at IS NULL)::int AS done,
         array_agg(p.state || COALESCE(' after ' || p.failure, '') ORDER BY p.id) AS states
       FROM orders o LEFT JOIN operations p ON p.order_id = o.id AND p.kind = 'credit_card'
       GROUP BY o.id`,
    );
    return rows
      .map((row) => ({ ...row, charges: charges.get(row.orderId) ?? 0 }))
      .filter((row) => (row.status === 'aprovado') !== row.charges > 0 || row.done !== row.charges);
  };

  /** Pauses a process again and again until told to end; it runs on afterwards. @returns how often it was paused. */
  const pauseAgainAndAgain = async ({ child }: ServiceProcess, end: AbortSignal): Promise<number> => {
    let pauses = 0;
    while (!end.aborted) {
      child.kill('SIGSTOP');
      pauses += 1;
      await sleep(PAUSE_SECONDS * 1000);
      child.kill('SIGCONT');
      await sleep(SECONDS_BETWEEN_PAUSES * 1000);
    }
    return pauses;
  };

  /** Answers of the paused process that came after their client had gone on without. */
  const lateAnswers: Promise<Answer | undefined>[] = [];

  /** A client that doesn't wait for a process that is paused. @returns undefined where there is no answer in time. */
  const sendToPaused = async (url: string, body: unknown, key?: string): Promise<Answer | undefined> => {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const sending = send('POST', `${url}/checkout/${system.key}/pay/credit-card`, { body, headers })
      // A request that came during the pause is cut off by Node with 408, or without an answer.
      .then((answer) => (answer.status === 408 ? undefined : answer))
      .catch(() => undefined);
    lateAnswers.push(sending);
    return Promise.race([sending, sleep(CLIENT_TIMEOUT_SECONDS * 1000)]) as Promise<Answer | undefined>;
  };

  /** One shopper: pays, and tries again as impatient clients do, with or without a key, here or there or both at once. */
  const shop = async (index: number, paused: string): Promise<Answer[]> => {
    const key = index % 2 === 0 ? randomUUID() : undefined;
    const number = index % 10 === 0 ? DECLINED : '4000000000000010';
    const payment = cardPayment(number);
    let body: Record<string, unknown> = { customer: CUSTOMER, order: ORDER, payment };
    const answers: Answer[] = [];
    const tries = randomInt(1, 6);
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const first = randomInt(2);
      const instances = randomInt(5) === 0 ? [first, 1 - first] : [first];
      const sent: Promise<Answer | undefined>[] = instances.map((instance) =>
        system.services[instance]!.send('POST', `/checkout/${system.key}/pay/credit-card`, {
          body,
          ...(key !== undefined && { headers: { 'idempotency-key': key } }),
        }),
      );
      if (randomInt(8) === 0) sent.push(sendToPaused(paused, body, key));
      const given = (await Promise.all(sent)).filter((answer) => answer !== undefined);
      answers.push(...given);
      const last = answers.at(-1)!;
      if (last.status === 200 || last.status === 422) break;
      // Without a key, a sensible client goes on with the order that it was told of.
      const orderId = last.body['order_id'];
      if (key === undefined && orderId !== undefined) body = { order_id: orderId, payment };
    }
    return answers;
  };

  it(`in ${CHECKOUTS} checkouts, no order is charged twice, and no charged shopper is told that the card was declined`, async () => {
    const third = await spawnService({
      ...system.environment,
      LOG_LEVEL: 'error',
      APP_PORT: String(await freePort()),
    });
    const end = new AbortController();
    const pausing = pauseAgainAndAgain(third, end.signal);
    for (const fault of FAULTS) await system.control.addFault(fault);
    const checkouts = await inParallel(Array.from({ length: CHECKOUTS }), campaign(150, 20), (_, index) =>
      shop(index, third.url),
    );
    await system.control.clearFaults();
    end.abort();
    expect(await pausing).toBeGreaterThan(campaign(1, 0));
    const late = (await Promise.all(lateAnswers)).filter((answer) => answer !== undefined);

    await eventually(async () => {
      expect(await openAttempts()).toBe(0);
    }, 60);
    await third.stop();

    const charges = await chargesByOrder(system.control);
    expect([...charges].filter(([, count]) => count > 1)).toEqual([]);
    await eventually(async () => {
      expect(await misleadingOrders(charges)).toEqual([]);
      await sleep(500);
    }, 60);
    const answers = checkouts.flat();
    const succeeded = answers.filter(({ status }) => status === 200);
    for (const { body } of succeeded) expect(charges.get(body['order_id'] as number)).toBe(1);
    // Only the card that Appmax declines was ever called declined; no paid order was.
    for (const [index, given] of checkouts.entries()) {
      if (index % 10 !== 0) expect(given.filter(({ status }) => status === 422)).toEqual([]);
      else expect(given.filter(({ status }) => status === 200)).toEqual([]);
    }
    for (const { body, status } of late)
      if (status === 200) expect(charges.get(body['order_id'] as number)).toBe(1);
    const unforeseen = [...answers, ...late].filter(({ status }) => status === 500).length;
    expect({ unforeseen, log: unforeseen === 0 ? '' : third.output().slice(-5_000) }).toEqual({
      unforeseen: 0,
      log: '',
    });
    expect(late.length).toBeGreaterThan(0);
    expect(succeeded.length).toBeGreaterThan(CHECKOUTS / 2);
  }, 900_000);

  it(`payments are settled after their process was killed between sending and answering, ${KILLS} times`, async () => {
    const orders: number[] = [];
    for (let count = 0; count < KILLS; count += 1) {
      orders.push(
        await eventually(async () => {
          const path = `/checkout/${system.key}/order`;
          const { body, status } = await system.services[0].send('POST', path, {
            body: { customer: CUSTOMER, order: ORDER },
          });
          expect(status).toBe(200);
          return body['order_id'] as number;
        }, 30),
      );
    }
    // Half of them are charged before the answer hangs, half never are.
    await system.control.addFault({
      kind: 'hang',
      seconds: 60,
      route: PAY,
      when: 'after',
      times: null,
      probability: 0.5,
    });
    await system.control.addFault({ kind: 'hang', seconds: 60, route: PAY, when: 'before', times: null });
    await inParallel(orders, 4, async (orderId) => {
      const service = await spawnService({
        ...system.environment,
        APP_PORT: String(await freePort()),
        APPMAX_CARD_TIMEOUT: '60',
      });
      const cut = service
        .send('POST', `/checkout/${system.key}/pay/credit-card`, {
          body: { order_id: orderId, payment: cardPayment() },
        })
        .catch(() => undefined);
      await eventually(async () => {
        const [attempt] = await system.database.query(
          `SELECT p.id FROM operations p JOIN orders o ON o.id = p.order_id
           WHERE o.appmax_order_id = $1 AND p.state = 'sent'`,
          [orderId],
        );
        expect(attempt).toBeDefined();
      });
      await stopChild(service.child, 'SIGKILL');
      await cut;
    });
    await system.control.clearFaults();
    await eventually(async () => {
      expect(await openAttempts()).toBe(0);
    }, 90);
    const charges = await chargesByOrder(system.control);
    const rows = await system.database.query<{ appmax_order_id: number; status: string }>(
      'SELECT appmax_order_id, status FROM orders WHERE appmax_order_id = ANY($1)',
      [orders],
    );
    for (const { appmax_order_id: orderId, status } of rows) {
      expect([orderId, status]).toEqual([orderId, charges.has(orderId) ? 'aprovado' : 'pendente']);
      expect(charges.get(orderId) ?? 0).toBeLessThanOrEqual(1);
    }
  }, 900_000);

  it('payments are refused quickly while Appmax is down, and the service stays healthy and recovers by itself', async () => {
    await system.control.addFault({ kind: 'hang', seconds: 30, route: '*', times: null });
    const before = (await system.control.requests(1)).total;
    const path = `/checkout/${system.key}/pay/credit-card`;
    const body = { customer: CUSTOMER, order: ORDER, payment: cardPayment() };
    const end = Date.now() + OUTAGE_SECONDS * 1000;
    let refusedAtOnce = 0;
    let others = 0;
    const load = inParallel(Array.from({ length: 20 }), 20, async () => {
      while (Date.now() < end) {
        const answer = await system.services[0].send('POST', path, { body });
        if (answer.status === 503) refusedAtOnce += 1;
        else others += 1;
      }
    });
    const health = inParallel(Array.from({ length: 1 }), 1, async () => {
      while (Date.now() < end) {
        expect((await system.services[0].send('GET', '/health')).status).toBe(200);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    });
    await Promise.all([load, health]);
    // An open circuit lets a call through now and then, to see; without it, all would have waited for a timeout.
    const sent = (await system.control.requests(1)).total - before;
    expect(sent).toBeLessThan(200);
    expect(refusedAtOnce).toBeGreaterThan(others * 2);
    await system.control.clearFaults();
    await eventually(async () => {
      expect((await system.services[0].send('POST', path, { body })).status).toBe(200);
    }, 60);
  }, 300_000);
});
