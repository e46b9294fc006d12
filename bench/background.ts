import { randomUUID } from 'node:crypto';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { CPF, CUSTOMER, ORDER } from '../quickstart/shop';
import { timed } from './support/durations';
import { type Load, loadRound } from './support/load';
import { type BenchOptions, type BenchResult, median } from './support/result';
import { type BenchSystem, startSystem } from './support/system';

const SIZES = {
  quick: { forged: 2_000, rounds: 1, readSeconds: 0.5 },
  full: { forged: 100_000, rounds: 3, readSeconds: 5 },
};
/** The attempts of an event that are measured: two look for its order, the third would ask Appmax for it. */
const ATTEMPTS = 3;
const READERS = 16;
const SET = 1_000;

/** SQL: an event that is not done. Events whose merchant has no read left today wait until tomorrow. */
const IS_OPEN = `attempts < ${ATTEMPTS} AND next_attempt_at < now() + interval '1 minute'`;

/**
 * Measures how fast forged events of unknown orders are drained, and what a backlog of them costs others. The floor is
 * the same number of attempts by bare statements, each for a set, without the rests that the service makes.
 */
export async function benchBackground({ quick }: BenchOptions): Promise<BenchResult[]> {
  const { forged, rounds, readSeconds } = quick ? SIZES.quick : SIZES.full;
  const system = await startSystem({ countsRoundTrips: false });
  const client = new Client(system.database);
  const found = {
    floor: [],
    unknown: [],
    merchant: [],
    alone: [],
    beside: [],
    waitAlone: [],
    wait: [],
  } as Record<'floor' | 'unknown' | 'merchant' | 'alone' | 'beside' | 'waitAlone' | 'wait', number[]>;
  try {
    await client.connect();
    const orderId = await sell(system);
    const reads = async (): Promise<number> =>
      (await loadRound(readsOf(system, orderId, readSeconds))).figure;
    await useUpReads(client);
    await client.query('CREATE TABLE floor_attempts (LIKE webhook_attempts INCLUDING ALL)');
    for (let round = 0; round < rounds; round += 1) {
      found.alone.push(await reads());
      found.waitAlone.push(await trueWebhook(system, client));
      found.floor.push(await floor(client, forged));
      found.unknown.push(await drain(client, 'nobody', forged));
      await forge(client, system.key, forged);
      const startedAt = performance.now();
      const [beside, wait] = await Promise.all([reads(), trueWebhook(system, client)]);
      await untilDrained(client);
      found.merchant.push((forged / (performance.now() - startedAt)) * 1_000);
      found.beside.push(beside);
      found.wait.push(wait);
    }
  } finally {
    await client.end();
    await system.stop();
  }
  const result = (name: string, unit: string, service: number[], floorOf: number[]): BenchResult => ({
    name,
    unit,
    service: median(service),
    floor: median(floorOf),
  });
  return [
    result('background: forged events that name no merchant', '/s', found.unknown, found.floor),
    {
      ...result('background: forged events that name a merchant', '/s', found.merchant, found.floor),
      note: `${forged} events, ${ATTEMPTS} attempts each; drained while statuses are read and a true webhook comes`,
    },
    {
      ...result('background: status reads beside the backlog', '/s', found.beside, found.alone),
      note: 'the floor is the service without a backlog',
    },
    {
      ...result('background: a true webhook beside the backlog', 'ms', found.wait, found.waitAlone),
      note: 'to the status in the database; the floor is the service without a backlog',
    },
  ];
}

/** Inserts forged events in one transaction. */
async function forge(client: Client, key: string, forged: number): Promise<void> {
  await client.query(
    `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed)
     SELECT 'OrderPaid', 'order', $2::int + n, json_build_object('event', 'OrderPaid', 'external_key', $1::text), false
     FROM generate_series(1, ${forged}) AS n`,
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
async function drain(client: Client, key: string, forged: number): Promise<number> {
  await forge(client, key, forged);
  const startedAt = performance.now();
  await untilDrained(client);
  return (forged / (performance.now() - startedAt)) * 1_000;
}

/** Makes the attempts of the events on a copy of the queue, by one statement for each set. */
async function floor(client: Client, forged: number): Promise<number> {
  await client.query('TRUNCATE floor_attempts');
  await client.query(
    `INSERT INTO floor_attempts (event_id, appmax_order_id, queued_at, next_attempt_at)
     SELECT n, n, now(), now() FROM generate_series(1, ${forged}) n`,
  );
  const startedAt = performance.now();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1)
    for (let first = 1; first <= forged; first += SET)
      await client.query(
        `UPDATE floor_attempts SET attempts = attempts + 1, last_error = 'its order did not appear', next_attempt_at = now() + interval '1 second'
         WHERE event_id BETWEEN $1 AND $2`,
        [first, first + SET - 1],
      );
  return (forged / (performance.now() - startedAt)) * 1_000;
}

/** Marks the reads of unknown orders as used up for today, as after the first minutes of a flood. */
async function useUpReads(client: Client): Promise<void> {
  await client.query(
    `INSERT INTO background_reads (installation_id, day, reads, webhook_reads, free_at)
     SELECT id, now()::date, 300, 300, now() FROM installations
     ON CONFLICT (installation_id) DO UPDATE SET day = excluded.day, reads = 300, webhook_reads = 300`,
  );
}

/** Without a key of its own, a second sale with the same body would be a repeat of the first. */
async function sell({ url, key }: BenchSystem): Promise<number> {
  const answer = await fetch(`${url}/checkout/${key}/pay/pix`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ customer: CUSTOMER, order: ORDER, document_number: CPF }),
  });
  const { order_id } = (await answer.json()) as { order_id: number };
  return order_id;
}

/** Returns reads of one status over several connections. */
function readsOf({ url, key }: BenchSystem, orderId: number, seconds: number): Load {
  return { origin: url, path: `/checkout/${key}/status/${orderId}`, connections: READERS, seconds };
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
