import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { CARD, CPF, CUSTOMER, ORDER } from '../quickstart/shop';
import { DatabaseUsage } from './support/database-usage';
import { percentile } from './support/durations';
import { cpuMilliseconds, residentMegabytes } from './support/process-usage';
import { type BenchOptions } from './support/result';
import { type BenchSystem, slowDownPayments, startSystem } from './support/system';

const PER_MINUTE = [1_000, 100, 10];
/** Seconds that the simulated Appmax takes to answer a payment. */
const APPMAX_SECONDS = 1;
/** What follows each payment: reads of the order's status, two a second, and webhooks of Appmax. */
const STATUS_READS = 10;
const EVENTS = ['OrderApproved', 'OrderPaid', 'OrderIntegrated'];
const SECONDS = { full: 30, quick: 10 };
/** More than a size needs, so that the pool does not hide how many are used. */
const POOL = 50;

const JSON_BODY = { 'content-type': 'application/json' };
const ROUTES = [
  { path: 'pay/pix', body: { document_number: CPF } },
  {
    path: 'pay/credit-card',
    body: { payment: { ...CARD, holder_name: 'MARINA SOUZA', holder_document_number: CPF } },
  },
] as const;

/** The durations of payments in milliseconds, sorted. */
type Durations = readonly number[];

/**
 * Measures what an instance and its PostgreSQL need at a number of payments a minute, half of them by Pix and half by
 * card, each with a new order, ten reads of its status and three webhooks. Prints a table in Markdown.
 */
export async function benchSizes({ quick }: BenchOptions): Promise<void> {
  const seconds = quick ? SECONDS.quick : SECONDS.full;
  console.log(
    '| payments a minute | CPU of the service | CPU of PostgreSQL | memory of the service | memory of PostgreSQL | connections open | at work | p50 ms | p99 ms |',
  );
  console.log(`| ${Array(9).fill('---:').join(' | ')} |`);
  for (const perMinute of PER_MINUTE) {
    const system = await startSystem({
      countsRoundTrips: false,
      variables: {
        DB_MAX_OPEN_CONNS: String(POOL),
        APPMAX_BACKGROUND_PER_SECOND: '1000',
        APPMAX_BACKGROUND_READS: '100000000',
      },
    });
    try {
      console.log(`| ${(await measure(system, perMinute, seconds)).join(' | ')} |`);
    } finally {
      await system.stop();
    }
  }
}

async function measure(system: BenchSystem, perMinute: number, seconds: number): Promise<string[]> {
  await slowDownPayments(system, APPMAX_SECONDS);
  const { pid = 0 } = system.service;
  const database = await DatabaseUsage.start(system.database);
  try {
    // The first payments compile the code.
    await sell(system, 600, 2);
    const before = {
      service: cpuMilliseconds(pid),
      database: database.cpuMilliseconds(),
      at: performance.now(),
    };
    let durations: Durations = [];
    const connections = await database.during(async () => {
      durations = await sell(system, perMinute, seconds);
    });
    const passed = performance.now() - before.at;
    const percent = (milliseconds: number): string => `${((milliseconds / passed) * 100).toFixed(1)} %`;
    return [
      perMinute.toLocaleString('en'),
      percent(cpuMilliseconds(pid) - before.service),
      percent(database.cpuMilliseconds() - before.database),
      `${residentMegabytes(pid).toFixed(0)} MB`,
      `${database.megabytes().toFixed(0)} MB`,
      String(connections.open),
      String(connections.atWork),
      percentile(durations, 0.5).toFixed(0),
      percentile(durations, 0.99).toFixed(0),
    ];
  } finally {
    await database.stop();
  }
}

/** Begins payments at a steady rate, and waits until the last one and what follows it has ended. */
async function sell({ url, key }: BenchSystem, perMinute: number, seconds: number): Promise<Durations> {
  const pool = new Pool(url, { connections: 500 });
  const send = async (method: 'GET' | 'POST', path: string, body?: object): Promise<{ order_id: number }> => {
    const answer = await pool.request({
      method,
      path,
      headers: { ...JSON_BODY, 'idempotency-key': randomUUID() },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text) as { order_id: number };
  };
  const durations: number[] = [];
  const sale = async (index: number): Promise<void> => {
    const { path, body } = ROUTES[index % ROUTES.length] ?? ROUTES[0];
    const startedAt = performance.now();
    const paid = await send('POST', `/checkout/${key}/${path}`, {
      ...body,
      customer: CUSTOMER,
      order: ORDER,
    });
    durations.push(performance.now() - startedAt);
    for (let read = 0; read < STATUS_READS; read += 1) {
      const event = EVENTS[read];
      if (event !== undefined)
        await send('POST', '/webhooks/appmax', {
          event,
          event_type: 'order',
          data: { order_id: paid.order_id },
        });
      await send('GET', `/checkout/${key}/status/${paid.order_id}`);
      await sleep(500);
    }
  };
  const startedAt = performance.now();
  const sales = Array.from(
    { length: Math.max(1, Math.round((perMinute * seconds) / 60)) },
    async (_, index) => {
      await sleep(startedAt + (index * 60_000) / perMinute - performance.now());
      await sale(index);
    },
  );
  await Promise.all(sales);
  await pool.close();
  return durations.sort((left, right) => left - right);
}
