import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { CARD, CPF, CUSTOMER, ORDER } from '../quickstart/shop';
import { DirectMerchant } from './support/direct-merchant';
import { percentile, timed } from './support/durations';
import { type BenchOptions, type BenchResult } from './support/result';
import { type BenchSystem, slowDownPayments, startSystem } from './support/system';

/** Seconds that the simulated Appmax takes to answer a payment. */
const APPMAX_SECONDS = 1;
const AT_ONCE = 100;
const ROUNDS = 3;
/** Payments over which the database round trips are averaged. */
const COUNTED = 20;
const IDLE_SECONDS = 5;

const PAYER = { ...CARD, holder_name: 'MARINA SOUZA', holder_document_number: CPF };
const CLIENT = { 'content-type': 'application/json' };

type Body = Readonly<Record<string, unknown>>;
type Pay = () => Promise<unknown>;

/** One kind of payment, at the service and directly at Appmax. */
interface Route {
  readonly service: string;
  readonly serviceBody: Body;
  readonly appmax: string;
  readonly appmaxBody: (orderId: number, customerId: number) => Body;
}

const ROUTES = {
  Pix: {
    service: 'pay/pix',
    serviceBody: { document_number: CPF },
    appmax: 'payments/pix',
    appmaxBody: (order_id) => ({ order_id, payment_data: { pix: { document_number: CPF } } }),
  },
  boleto: {
    service: 'pay/boleto',
    serviceBody: { document_number: CPF },
    appmax: 'payments/boleto',
    appmaxBody: (order_id) => ({ order_id, payment_data: { boleto: { document_number: CPF } } }),
  },
  card: {
    service: 'pay/credit-card',
    serviceBody: { payment: PAYER },
    appmax: 'payments/credit-card',
    appmaxBody: (order_id, customer_id) => ({
      order_id,
      customer_id,
      payment_data: { credit_card: { ...PAYER, installments: 1 } },
    }),
  },
} as const satisfies Readonly<Record<string, Route>>;

/** The payments whose time is measured; a boleto takes the same path as a Pix. */
const TIMED = { Pix: ROUTES.Pix, card: ROUTES.card };

/** The number of waves of 100 payments in a round, by the manner in which they begin. */
const WAVES = { even: 5, burst: 3 };

/**
 * Measures the milliseconds that the service adds to a payment, and prints its database round trips. The floor is the same
 * payment sent directly to the simulated Appmax, in the same run and in the same manner: 100 payments are under way at
 * any time, and either one begins every 10 ms (`even`), or all begin in the same instant (`burst`).
 */
export async function benchPayments({ quick }: BenchOptions): Promise<BenchResult[]> {
  if (!quick) await printRoundTrips();
  const system = await startSystem({ countsRoundTrips: false });
  try {
    await slowDownPayments(system, APPMAX_SECONDS);
    const merchant = await DirectMerchant.create(system.control, 2 * AT_ONCE);
    const results: BenchResult[] = [];
    for (const [name, route] of Object.entries(quick ? { Pix: ROUTES.Pix } : TIMED)) {
      const shop = shopOf(system, route);
      const warmUpWaves = quick ? 1 : 2;
      await inWaves('even', warmUpWaves, await shop.prepare(warmUpWaves * AT_ONCE, true));
      for (const manner of quick ? (['even'] as const) : (['even', 'burst'] as const)) {
        const rounds: Record<'floor' | 'withKey' | 'withoutKey', number[][]> = {
          floor: [],
          withKey: [],
          withoutKey: [],
        };
        for (let round = 0; round < (quick ? 1 : ROUNDS); round += 1) {
          const waves = quick ? 1 : WAVES[manner];
          const count = waves * AT_ONCE;
          rounds.floor.push(await inWaves(manner, waves, await directly(merchant, route, count)));
          rounds.withKey.push(await inWaves(manner, waves, await shop.prepare(count, true)));
          rounds.withoutKey.push(await inWaves(manner, waves, await shop.prepare(count, false)));
        }
        for (const kind of ['withKey', 'withoutKey'] as const) {
          const at = (share: number): number => medianAt(rounds[kind], share) - medianAt(rounds.floor, share);
          results.push({
            name: `payments: ${name}, ${manner}, ${kind === 'withKey' ? 'with' : 'without'} Idempotency-Key`,
            unit: 'ms',
            service: medianAt(rounds[kind], 0.5),
            floor: medianAt(rounds.floor, 0.5),
            p50: medianAt(rounds[kind], 0.5),
            p99: medianAt(rounds[kind], 0.99),
            note: `adds p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms`,
          });
        }
      }
    }
    await merchant.close();
    return results;
  } finally {
    await system.stop();
  }
}

/** Returns the median over the rounds of a percentile. */
function medianAt(rounds: readonly (readonly number[])[], share: number): number {
  const values = rounds.map((durations) => percentile(durations, share)).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? NaN;
}

/**
 * Makes payments in waves of 100. `even`: each payment of a wave begins 10 ms after the one before, so that 100 are under
 * way. `burst`: all payments of a wave begin at once, after the wave before has ended.
 *
 * @returns the durations in milliseconds, sorted.
 */
async function inWaves(manner: 'even' | 'burst', waves: number, pay: Pay): Promise<number[]> {
  const durations: number[] = [];
  const once = async (): Promise<void> => {
    const startedAt = performance.now();
    await pay();
    durations.push(performance.now() - startedAt);
  };
  if (manner === 'burst') {
    for (let wave = 0; wave < waves; wave += 1) await Promise.all(Array.from({ length: AT_ONCE }, once));
  } else {
    const startedAt = performance.now();
    const payments = Array.from({ length: waves * AT_ONCE }, async (_, index) => {
      const dueAt = startedAt + (index * APPMAX_SECONDS * 1000) / AT_ONCE;
      await sleep(dueAt - performance.now());
      await once();
    });
    await Promise.all(payments);
  }
  return durations.sort((a, b) => a - b);
}

/** A shop that pays through the service. */
interface BenchShop {
  /** Creates orders. @returns the payment of one of them, with an Idempotency-Key of its own or without one. */
  readonly prepare: (count: number, hasKey: boolean) => Promise<Pay>;
  /** Pays without naming an order, which creates it. */
  readonly payNew: (hasKey: boolean) => Promise<unknown>;
}

function shopOf({ url, key }: BenchSystem, route: Route): BenchShop {
  const pool = new Pool(url, { connections: 2 * AT_ONCE });
  const post = async (path: string, body: Body, hasKey: boolean): Promise<Body> => {
    const answer = await pool.request({
      path: `/checkout/${key}/${path}`,
      method: 'POST',
      headers: hasKey ? { ...CLIENT, 'idempotency-key': randomUUID() } : CLIENT,
      body: JSON.stringify(body),
    });
    const read = (await answer.body.json()) as Body;
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${JSON.stringify(read)}`);
    return read;
  };
  return {
    prepare: async (count, hasKey) => {
      const orders: Body[] = [];
      await timed(count, 50, async () => {
        orders.push(await post('order', { customer: CUSTOMER, order: ORDER }, true));
      });
      return async () => {
        const { order_id, customer_id } = orders.pop() ?? {};
        return post(route.service, { ...route.serviceBody, order_id, customer_id }, hasKey);
      };
    },
    // A new total each time: without a key, an equal body would count as the same request.
    payNew: (hasKey) => {
      const order = { ...ORDER, shipping_value: Math.floor(Math.random() * 100_000) };
      return post(route.service, { ...route.serviceBody, customer: CUSTOMER, order }, hasKey);
    },
  };
}

/** Prints the database round trips of each payment to stderr. Its system runs through the counting proxy. */
async function printRoundTrips(): Promise<void> {
  const system = await startSystem();
  try {
    await countRoundTrips(system);
  } finally {
    await system.stop();
  }
}

async function countRoundTrips(system: BenchSystem): Promise<void> {
  await sleep(1_000);
  // First, because background work on the orders made later also queries the database.
  const idle = await tripsDuring(system, () => sleep(IDLE_SECONDS * 1_000));
  for (const [name, route] of Object.entries(ROUTES)) {
    const shop = shopOf(system, route);
    for (const hasKey of [true, false]) {
      const pay = await shop.prepare(COUNTED, hasKey);
      for (const [kind, once] of [
        ['of an order', pay],
        ['with a new order', () => shop.payNew(hasKey)],
      ] as const) {
        await sleep(1_000);
        const startedAt = performance.now();
        const trips = await tripsDuring(system, () => timed(COUNTED, 1, once));
        const seconds = (performance.now() - startedAt) / 1000;
        const each = (trips - (idle / IDLE_SECONDS) * seconds) / COUNTED;
        const key = hasKey ? 'with Idempotency-Key' : 'without Idempotency-Key';
        console.error(`${name} ${kind}, ${key}: ${each.toFixed(1)} database round trips`);
      }
    }
  }
}

async function tripsDuring({ roundTrips }: BenchSystem, work: () => Promise<unknown>): Promise<number> {
  const before = roundTrips.count();
  await work();
  return roundTrips.count() - before;
}

/** Makes the same payments directly at Appmax, for orders that are created before the measurement. */
async function directly(merchant: DirectMerchant, route: Route, count: number): Promise<Pay> {
  const orders: number[] = [];
  await timed(count, 50, async () => {
    orders.push(await merchant.createOrder());
  });
  return () => merchant.post(route.appmax, route.appmaxBody(orders.pop() ?? 0, merchant.customerId));
}
