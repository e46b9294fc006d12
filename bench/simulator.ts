import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Pool } from 'undici';
import { SimulatorControl } from '../simulator/control-client';

const CONNECTIONS = 32;
const seconds = Number(process.env['BENCH_SECONDS'] ?? 5);

interface Merchant {
  readonly pool: Pool;
  readonly token: string;
  readonly customerId: number;
}

async function startSimulator(serviceUrl: string): Promise<{ child: ChildProcess; origin: string }> {
  const child = spawn(process.execPath, [join(__dirname, '..', 'simulator', 'main.js')], {
    env: { ...process.env, SIMULATOR_PORT: '0', SIMULATOR_SERVICE_URL: serviceUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    const origin = /listening on (\S+)/.exec(line)?.[1];
    if (origin !== undefined) return { child, origin };
  }
  throw new Error('the simulator did not start');
}

/** A service that answers every webhook at once. */
async function startSink(): Promise<Server> {
  const sink = createServer((request, response) => {
    request.resume().on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  return sink;
}

async function post(
  merchant: Pick<Merchant, 'pool' | 'token'>,
  path: string,
  body: unknown,
): Promise<unknown> {
  const response = await merchant.pool.request({
    path,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${merchant.token}` },
    body: JSON.stringify(body),
  });
  const answer = await response.body.json();
  if (response.statusCode >= 300)
    throw new Error(`${path}: ${response.statusCode} ${JSON.stringify(answer)}`);
  return answer;
}

async function createMerchant(origin: string, control: SimulatorControl): Promise<Merchant> {
  const { client_id, client_secret } = await control.createMerchant();
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
  const answer = (await (await fetch(`${origin}/oauth2/token`, { method: 'POST', body: form })).json()) as {
    access_token: string;
  };
  const caller = { pool: new Pool(origin, { connections: CONNECTIONS }), token: answer.access_token };
  const customer = (await post(caller, '/v1/customers', {
    first_name: 'Marina',
    last_name: 'Souza',
    email: 'marina.souza@example.com',
    phone: '11988887777',
    ip: '127.0.0.1',
  })) as { data: { customer: { id: number } } };
  return { ...caller, customerId: customer.data.customer.id };
}

async function createOrder({ customerId, ...caller }: Merchant): Promise<number> {
  const answer = (await post(caller, '/v1/orders', {
    customer_id: customerId,
    products: [{ sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: 14_990 }],
    discount_value: 0,
    shipping_value: 1500,
  })) as { data: { order: { id: number } } };
  return answer.data.order.id;
}

const document_number = '52998224725';

/** What is done over and over; each counts once. */
const work: Readonly<Record<string, (merchant: Merchant) => Promise<unknown>>> = {
  'order created': createOrder,
  'order created and paid by card, with its webhooks': async (merchant) => {
    const credit_card = {
      number: '4000000000000010',
      cvv: '123',
      expiration_month: '12',
      expiration_year: '2030',
      holder_name: 'MARINA SOUZA',
      holder_document_number: document_number,
      installments: 1,
    };
    const order_id = await createOrder(merchant);
    const body = { order_id, customer_id: merchant.customerId, payment_data: { credit_card } };
    return post(merchant, '/v1/payments/credit-card', body);
  },
  'order created and its Pix, with QR code and webhook': async (merchant) => {
    const order_id = await createOrder(merchant);
    return post(merchant, '/v1/payments/pix', { order_id, payment_data: { pix: { document_number } } });
  },
};

async function perSecond(
  merchant: Merchant,
  once: (merchant: Merchant) => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - startedAt < seconds * 1000) {
      await once(merchant);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return (done / (performance.now() - startedAt)) * 1000;
}

/** Measures the simulator by itself, so that its limits are not taken for the service's. */
export async function benchSimulator(): Promise<void> {
  const sink = await startSink();
  const { child, origin } = await startSimulator(`http://127.0.0.1:${(sink.address() as AddressInfo).port}`);
  const control = new SimulatorControl(origin);
  await control.change({ rate_limits: false, monthly_quota: null });
  const merchant = await createMerchant(origin, control);
  console.log(`${CONNECTIONS} connections, ${seconds} s each`);
  for (const [name, once] of Object.entries(work)) {
    const rate = await perSecond(merchant, once);
    console.log(`${Math.round(rate).toLocaleString('en').padStart(8)} a second: ${name}`);
    await control.drainWebhooks();
  }
  await merchant.pool.close();
  child.kill('SIGTERM');
  sink.close();
  sink.closeAllConnections();
}
