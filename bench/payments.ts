import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { CARD, CPF, CUSTOMER, ORDER } from '../quickstart/shop';
import { DirectMerchant } from './support/direct-merchant';
import { percentile, timed } from './support/durations';
import { type BenchSystem, startSystem } from './support/system';

/** Seconds that the simulated Appmax takes to answer a payment. */
const APPMAX_SECONDS = 0.2;
const WARM_UP = 200;
const ROUNDS = [
  { atOnce: 1, payments: 100 },
  { atOnce: 100, payments: 2_000 },
];
/** Payments over which the database round trips are averaged. */
const COUNTED = 50;
const IDLE_SECONDS = 5;

const PAYER = { ...CARD, holder_name: 'MARINA SOUZA', holder_document_number: CPF };

type Body = Readonly<Record<string, unknown>>;
interface Route {
  readonly service: string;
  readonly serviceBody: (orderId: number) => Body;
  readonly appmax: string;
  readonly appmaxBody: (orderId: number, customerId: number) => Body;
}

const ROUTES: Readonly<Record<string, Route>> = {
  Pix: {
    service: 'pay/pix',
    serviceBody: (order_id) => ({ order_id, document_number: CPF }),
    appmax: 'payments/pix',
    appmaxBody: (order_id) => ({ order_id, payment_data: { pix: { document_number: CPF } } }),
  },
  card: {
    service: 'pay/credit-card',
    serviceBody: (order_id) => ({ order_id, payment: PAYER }),
    appmax: 'payments/credit-card',
    appmaxBody: (order_id, customer_id) => ({
      order_id,
      customer_id,
      payment_data: { credit_card: { ...PAYER, installments: 1 } },
    }),
  },
};

/**
 * Measures the time that the service adds to a payment, and its database round trips. The baseline is the same payment
 * sent directly to the simulated Appmax, in the same run and with the same concurrency.
 */
export async function benchPayments(): Promise<void> {
  const system = await startSystem();
  try {
    for (const { appmax } of Object.values(ROUTES))
      await system.control.addFault({
        kind: 'drip',
        when: 'after',
        route: `POST /v1/${appmax}`,
        seconds: APPMAX_SECONDS,
        times: null,
      });
    console.log(
      `Appmax takes ${APPMAX_SECONDS * 1000} ms for a payment. Milliseconds that the service adds:`,
    );
    const idle = await idleRoundTripsPerSecond(system);
    const merchant = await DirectMerchant.create(system.control, 128);
    const payers = Object.entries(ROUTES).map(([name, route]) => ({
      name,
      route,
      pay: payer(system, route),
    }));
    // First, because background work on the orders made later also queries the database.
    for (const { name, pay } of payers)
      console.log(`${name}: ${await roundTrips(system, pay, idle)} database round trips a payment`);
    for (const { name, route, pay } of payers) {
      await timed(WARM_UP, 50, await pay.prepare(WARM_UP));
      for (const { atOnce, payments } of ROUNDS) {
        const direct = await timed(payments, atOnce, await directPayer(merchant, route, payments));
        const viaService = await timed(payments, atOnce, await pay.prepare(payments));
        console.log(`${name}, ${atOnce} at once, ${payments} payments: ${added(viaService, direct)}`);
      }
    }
    await merchant.close();
  } finally {
    await system.stop();
  }
}

function added(viaService: readonly number[], direct: readonly number[]): string {
  const at = (share: number): string =>
    (percentile(viaService, share) - percentile(direct, share)).toFixed(1).padStart(6);
  return `p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}`;
}

/** Pays through the service. `prepare` creates the orders; each call of its result pays one, with a key of its own. */
function payer(
  { url, key }: BenchSystem,
  route: Route,
): { prepare: (count: number) => Promise<() => Promise<void>> } {
  const pool = new Pool(url, { connections: 128 });
  const post = async (path: string, body: Body): Promise<Body> => {
    const answer = await pool.request({
      path: `/checkout/${key}/${path}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify(body),
    });
    const read = (await answer.body.json()) as Body;
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${JSON.stringify(read)}`);
    return read;
  };
  return {
    prepare: async (count) => {
      const orders: number[] = [];
      await timed(count, 50, async () => {
        orders.push((await post('order', { customer: CUSTOMER, order: ORDER }))['order_id'] as number);
      });
      return async () => {
        await post(route.service, route.serviceBody(orders.pop() ?? 0));
      };
    },
  };
}

async function roundTrips(
  { roundTrips: counter }: BenchSystem,
  pay: ReturnType<typeof payer>,
  idlePerSecond: number,
): Promise<string> {
  const work = await pay.prepare(COUNTED);
  await sleep(1_000);
  const before = counter.count();
  const startedAt = performance.now();
  await timed(COUNTED, 1, work);
  const seconds = (performance.now() - startedAt) / 1000;
  return ((counter.count() - before - idlePerSecond * seconds) / COUNTED).toFixed(1);
}

/** Database round trips per second of the idle service. They are not counted as part of a payment. */
async function idleRoundTripsPerSecond({ roundTrips: counter }: BenchSystem): Promise<number> {
  await sleep(1_000);
  const before = counter.count();
  await sleep(IDLE_SECONDS * 1_000);
  return (counter.count() - before) / IDLE_SECONDS;
}

/** Makes the same payments directly at Appmax, for orders that are created before the measurement. */
async function directPayer(
  merchant: DirectMerchant,
  route: Route,
  count: number,
): Promise<() => Promise<unknown>> {
  const orders: number[] = [];
  await timed(count, 50, async () => {
    orders.push(await merchant.createOrder());
  });
  return () => merchant.post(route.appmax, route.appmaxBody(orders.pop() ?? 0, merchant.customerId));
}
