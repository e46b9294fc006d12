import { Client } from 'pg';
import type { Load } from './load';
import type { BenchSystem } from './system';

/** The orders of {@link createOrders}: their number, and the first id at Appmax. */
export const ORDERS = 10_000;
export const FIRST_ORDER = 1_900_000_001;

/** Returns reads of the statuses of all these orders, again and again, at the service or its floor. */
export function statusReads(origin: string, { key }: BenchSystem, seconds: number): Load {
  return {
    origin,
    path: `/checkout/${key}/status/{n}`,
    numbers: { from: FIRST_ORDER, span: ORDERS },
    seconds,
  };
}

/** Inserts paid orders of the shop of a system. */
export async function createOrders(system: BenchSystem): Promise<void> {
  const client = new Client(system.database);
  await client.connect();
  try {
    await client.query(
      `INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status)
       SELECT i.id, 1, $2::int + n, 'aprovado' FROM installations i, generate_series(0, $3::int - 1) n
       WHERE i.external_key = $1`,
      [system.key, FIRST_ORDER, ORDERS],
    );
    await client.query('ANALYZE orders, installations');
  } finally {
    await client.end();
  }
}
