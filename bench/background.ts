import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { Pool } from 'undici';
import { CPF, CUSTOMER, ORDER } from '../quickstart/shop';
import { median, timed } from './support/durations';
import { type BenchSystem, startSystem } from './support/system';

const FORGED = Number(process.env['BENCH_EVENTS'] ?? 100_000);
const ROUNDS = 3;
/** The attempts of an event that are measured: two look for its order, the third would ask Appmax for it. */
const ATTEMPTS = 3;
const READERS = 16;
const READ_SECONDS = 5;
const SET = 1_000;

/** SQL: an event that is not done. Events whose merchant has no read left today wait until tomorrow. */
const IS_OPEN = `attempts < ${ATTEMPTS} AND next_attempt_at < now() + interval '1 minute'`;

/**
 * Measures how fast forged events of unknown orders are drained, and what a backlog of them costs others. The floor is
 * the same number of attempts by bare statements, each for a set, without the rests that the service makes.
 */
export async function benchBackground(): Promise<void> {
  const system = await startSystem({ countsRoundTrips: false });
  const client = await connect(system);
  try {
    const orderId = await sell(system);
    await useUpReads(client);
    await client.query('CREATE TABLE floor_attempts (LIKE webhook_attempts INCLUDING ALL)');
    const alone = await readsPerSecond(system, orderId);
    const rates: Record<string, number[]> = { floor: [], 'naming no merchant': [], 'naming a merchant': [] };
    const beside: number[] = [];
    const waits: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rates['floor']?.push(await floor(client));
      rates['naming no merchant']?.push(await drain(client, 'nobody'));
      await forge(client, system.key);
      const startedAt = performance.now();
      const [reads, wait] = await Promise.all([readsPerSecond(system, orderId), trueWebhook(system, client)]);
      await untilDrained(client);
      rates['naming a merchant']?.push((FORGED / (performance.now() - startedAt)) * 1_000);
      beside.push(reads);
      waits.push(wait);
    }
    console.log(`${FORGED} forged events of unknown orders, ${ATTEMPTS} attempts each, median of ${ROUNDS}:`);
    for (const [name, all] of Object.entries(rates))
      console.log(`${Math.round(median(all)).toLocaleString('en').padStart(8)} events a second: ${name}`);
    console.log(
      `Status reads a second: ${Math.round(alone)} alone, ${Math.round(median(beside))} beside the backlog`,
    );
    console.log(`A true webhook beside the backlog: applied after ${Math.round(median(waits))} ms`);
  } finally {
    await client.end();
    await system.stop();
  }
}

async function connect({ database }: BenchSystem): Promise<Client> {
  const client = new Client(database);
  await client.connect();
  return client;
}

/** Inserts forged events in one transaction. */
async function forge(client: Client, key: string): Promise<void> {
  await client.query(
    `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed)
     SELECT 'OrderPaid', 'order', $2::int + n, json_build_object('event', 'OrderPaid', 'external_key', $1::text), false
     FROM generate_series(1, ${FORGED}) AS n`,
    [key, 100_000_000 + randomInt(1_900_000_000)],
  );
}

async function untilDrained(client: Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query(
      `SELECT 1 FROM webhook_attempts WHERE ${IS_OPEN} AND NOT is_order_known LIMIT 1`,
    );
    if (rows.length === 0) return;
    await sleep(250);
  }
}

/** @returns the events that are drained per second. */
async function drain(client: Client, key: string): Promise<number> {
  await forge(client, key);
  const startedAt = performance.now();
  await untilDrained(client);
  return (FORGED / (performance.now() - startedAt)) * 1_000;
}

/** Makes the attempts of the events on a copy of the queue, by one statement for each set. */
async function floor(client: Client): Promise<number> {
  await client.query('TRUNCATE floor_attempts');
  await client.query(
    `INSERT INTO floor_attempts (event_id, appmax_order_id, queued_at, next_attempt_at)
     SELECT n, n, now(), now() FROM generate_series(1, ${FORGED}) n`,
  );
  const startedAt = performance.now();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1)
    for (let first = 1; first <= FORGED; first += SET)
      await client.query(
        `UPDATE floor_attempts SET attempts = attempts + 1, last_error = 'its order did not appear', next_attempt_at = now() + interval '1 second'
         WHERE event_id BETWEEN $1 AND $2`,
        [first, first + SET - 1],
      );
  return (FORGED / (performance.now() - startedAt)) * 1_000;
}

/** Marks the reads of unknown orders as used up for today, as after the first minutes of a flood. */
async function useUpReads(client: Client): Promise<void> {
  await client.query(
    `INSERT INTO background_reads (installation_id, day, reads, webhook_reads, free_at)
     SELECT id, now()::date, 300, 300, now() FROM installations
     ON CONFLICT (installation_id) DO UPDATE SET day = excluded.day, reads = 300, webhook_reads = 300`,
  );
}

async function sell({ url, key }: BenchSystem): Promise<number> {
  const answer = await fetch(`${url}/checkout/${key}/pay/pix`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ customer: CUSTOMER, order: ORDER, document_number: CPF }),
  });
  const { order_id } = (await answer.json()) as { order_id: number };
  return order_id;
}

/** Reads a status with several connections. @returns the reads per second. */
async function readsPerSecond({ url, key }: BenchSystem, orderId: number): Promise<number> {
  const pool = new Pool(url, { connections: READERS });
  const path = `/checkout/${key}/status/${orderId}`;
  const startedAt = performance.now();
  let reads = 0;
  const reader = async (): Promise<void> => {
    while (performance.now() - startedAt < READ_SECONDS * 1_000) {
      const answer = await pool.request({ path, method: 'GET' });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`);
      reads += 1;
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  await pool.close();
  return (reads / (performance.now() - startedAt)) * 1_000;
}

/** Delivers the webhook of a true payment. @returns the milliseconds until the order is paid. */
async function trueWebhook(system: BenchSystem, client: Client): Promise<number> {
  const orderId = await sell(system);
  await system.control.act(orderId, 'pay');
  const [duration = NaN] = await timed(1, 1, async () => {
    await fetch(`${system.url}/webhooks/appmax`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ event: 'OrderPaidByPix', data: { order_id: orderId } }),
    });
    for (;;) {
      const { rows } = await client.query<{ status: string }>(
        'SELECT status FROM orders WHERE appmax_order_id = $1',
        [orderId],
      );
      if (rows[0]?.status === 'aprovado') return;
      await sleep(10);
    }
  });
  return duration;
}
