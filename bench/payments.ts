import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { percentile, timed } from './support/durations';
import { startSystem, type BenchSystem } from './support/system';

/** How long the simulated Appmax takes for a payment. */
const APPMAX_SECONDS = 0.2;
const WARM_UP = 200;
const ROUNDS = [
  { atOnce: 1, payments: 100 },
  { atOnce: 100, payments: 2_000 },
];
const COUNTED = 50;
const IDLE_SECONDS = 5;

const CPF = '52998224725';
const CARD = {
  number: '4000000000000010',
  cvv: '123',
  expiration_month: '12',
  expiration_year: '2030',
  holder_name: 'MARINA SOUZA',
  holder_document_number: CPF,
};
const CUSTOMER = {
  first_name: 'Marina',
  last_name: 'Souza',
  email: 'marina.souza@example.com',
  phone: '11988887777',
  document_number: CPF,
};
const ORDER = {
  products_value: 14990,
  shipping_value: 1500,
  discount_value: 500,
  products: [{ sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: 14990 }],
};

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
    serviceBody: (order_id) => ({ order_id, payment: CARD }),
    appmax: 'payments/credit-card',
    appmaxBody: (order_id, customer_id) => ({
      order_id,
      customer_id,
      payment_data: { credit_card: { ...CARD, installments: 1 } },
    }),
  },
};

/**
 * Measures what the service adds to a payment beyond Appmax's own time, and its database round trips. The floor is the
 * same payment sent straight to the simulated Appmax, in the same run, as many at once.
 */
export async function benchPayments(): Promise<void> {
  const system = await startSystem();
  try {
    for (const { appmax } of Object.values(ROUTES))
      await system.control.addFault({
        kind: 'drip',
        route: `POST /v1/${appmax}`,
        seconds: APPMAX_SECONDS,
        times: null,
      });
    console.log(`Appmax takes ${APPMAX_SECONDS * 1000} ms for a payment. Milliseconds beyond a direct call:`);
    const idle = await idleRoundTripsPerSecond(system);
    const shop = await directShop(system);
    for (const [name, route] of Object.entries(ROUTES)) {
      const pay = payer(system, route);
      await timed(WARM_UP, 50, await pay.prepare(WARM_UP));
      console.log(`${name}: ${await roundTrips(system, pay, idle)} database round trips a payment`);
      for (const { atOnce, payments } of ROUNDS) {
        const direct = await timed(payments, atOnce, await shop.payer(route, payments));
        const through = await timed(payments, atOnce, await pay.prepare(payments));
        console.log(`${name}, ${atOnce} at once, ${payments} payments: ${added(through, direct)}`);
      }
    }
    await shop.close();
  } finally {
    await system.stop();
  }
}

function added(through: readonly number[], direct: readonly number[]): string {
  const at = (share: number): string =>
    (percentile(through, share) - percentile(direct, share)).toFixed(1).padStart(6);
  return `p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}`;
}

/** Payments of orders that are made before the measurement, each once and with a key of its own. */
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

/** What the background does in the database while nothing happens, which is no part of a payment. */
async function idleRoundTripsPerSecond({ roundTrips: counter }: BenchSystem): Promise<number> {
  await sleep(1_000);
  const before = counter.count();
  await sleep(IDLE_SECONDS * 1_000);
  return (counter.count() - before) / IDLE_SECONDS;
}

/** A merchant of the simulated Appmax that calls it without the service. */
async function directShop({ simulatorUrl, control }: BenchSystem): Promise<{
  payer: (route: Route, count: number) => Promise<() => Promise<void>>;
  close: () => Promise<void>;
}> {
  const { client_id, client_secret } = await control.createMerchant();
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
  const token = (await (
    await fetch(`${simulatorUrl}/oauth2/token`, { method: 'POST', body: form })
  ).json()) as {
    access_token: string;
  };
  const pool = new Pool(simulatorUrl, { connections: 128 });
  const post = async (path: string, body: Body): Promise<Record<string, Record<string, { id: number }>>> => {
    const answer = await pool.request({
      path: `/v1/${path}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token.access_token}` },
      body: JSON.stringify(body),
    });
    const read = (await answer.body.json()) as Record<string, Record<string, { id: number }>>;
    if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${JSON.stringify(read)}`);
    return read;
  };
  const customerId = (await post('customers', { ...CUSTOMER, ip: '127.0.0.1' }))['data']?.['customer']?.id;
  if (customerId === undefined) throw new Error('The simulator made no customer');
  return {
    payer: async (route, count) => {
      const orders: number[] = [];
      const { products, shipping_value, discount_value } = ORDER;
      await timed(count, 50, async () => {
        const made = await post('orders', {
          customer_id: customerId,
          products,
          shipping_value,
          discount_value,
        });
        orders.push(made['data']?.['order']?.id ?? 0);
      });
      return async () => {
        await post(route.appmax, route.appmaxBody(orders.pop() ?? 0, customerId));
      };
    },
    close: () => pool.close(),
  };
}
