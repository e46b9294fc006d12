import { queryRow, queryRows, type StatementRunner } from '../rows';
import { TABLES } from './go-catalogue';

/** The rows of the Go example, and the changes that the takeover makes to those that this service reads otherwise. */
export interface RowCounts {
  readonly installations: number;
  readonly orders: number;
  readonly webhookEvents: number;
  /** Events that repeat another event of the same name and order; they are marked as this service marks repeats. */
  readonly repeats: number;
  /** Unfinished events of an order, which this service will verify at Appmax. */
  readonly waiting: number;
  /** Unfinished events without an order: there is nothing to apply, so they are marked as processed. */
  readonly withoutOrder: number;
  /** Rows with empty texts, which become null: the Go example writes '' where a value is absent. */
  readonly withEmptyTexts: number;
}

/** The nullable texts in which an empty one means that there is no value. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  orders: ['payment_method', 'pix_qr_code', 'pix_emv', 'boleto_pdf_url', 'boleto_digitavel', 'upsell_hash'],
  webhook_events: ['error_message'],
};

/**
 * SQL: the events without an error, each with the one of its name and order that counts: the first processed one, or
 * else the first one. The Go example stores repeats as unfinished, and two at once as processed twice.
 */
const COUNTING = `
  SELECT id, processed, first_value(id) OVER (PARTITION BY appmax_order_id, event ORDER BY processed DESC, id) AS counting
  FROM webhook_events WHERE appmax_order_id IS NOT NULL AND COALESCE(error_message, '') = ''`;

/** Counts the rows of the three tables and those that {@link adaptRows} changes. */
export function countRows(runner: StatementRunner): Promise<RowCounts> {
  const emptyTexts = Object.entries(TEXTS).map(
    ([table, columns]) => `(SELECT count(*) FROM ${table} WHERE '' IN (${columns.join(', ')}))`,
  );
  return queryRow<RowCounts>(
    runner,
    `SELECT (SELECT count(*) FROM installations) AS installations, (SELECT count(*) FROM orders) AS orders,
       (SELECT count(*) FROM webhook_events) AS "webhookEvents",
       (SELECT count(*) FROM (${COUNTING}) e WHERE id <> counting) AS repeats,
       (SELECT count(*) FROM (${COUNTING}) e WHERE id = counting AND NOT processed) AS waiting,
       (SELECT count(*) FROM webhook_events WHERE appmax_order_id IS NULL AND NOT processed) AS "withoutOrder",
       ${emptyTexts.join(' + ')} AS "withEmptyTexts"`,
  );
}

/**
 * Gives rows the form in which this service writes them. It must run before the migrations: their triggers would change
 * `updated_at`. No row is deleted, and no other value changes.
 */
export async function adaptRows(runner: StatementRunner): Promise<void> {
  await queryRows(
    runner,
    `UPDATE webhook_events e
     SET processed = true, processed_at = COALESCE(e.processed_at, NOW() AT TIME ZONE 'UTC'),
         error_message = 'repeats webhook event ' || c.counting
     FROM (${COUNTING}) c WHERE c.id = e.id AND c.id <> c.counting`,
  );
  await queryRows(
    runner,
    `UPDATE webhook_events SET processed = true, processed_at = COALESCE(processed_at, NOW() AT TIME ZONE 'UTC')
     WHERE appmax_order_id IS NULL AND NOT processed`,
  );
  for (const [table, columns] of Object.entries(TEXTS)) {
    const changes = columns.map((column) => `${column} = NULLIF(${column}, '')`);
    await queryRows(runner, `UPDATE ${table} SET ${changes.join(', ')} WHERE '' IN (${columns.join(', ')})`);
  }
}

/** Digests the values that the takeover must not change, of all rows, in the order of their ids. */
export async function digestRows(runner: StatementRunner): Promise<string> {
  const digests = Object.entries(TABLES).map(([table, { columns }]) => {
    const kept = Object.keys(columns).filter((name) => !isAdapted(table, name));
    const values = kept.map((name) => `${name}::text`).join(', ');
    return `(SELECT md5(string_agg(md5(ROW(${values})::text), '' ORDER BY id)) FROM ${table})`;
  });
  const { digest } = await queryRow<{ digest: string }>(
    runner,
    `SELECT concat_ws(' ', ${digests.join(', ')}) AS digest`,
  );
  return digest;
}

function isAdapted(table: string, column: string): boolean {
  return (
    TEXTS[table]?.includes(column) === true ||
    (table === 'webhook_events' && ['processed', 'processed_at'].includes(column)) ||
    (table === 'installations' && ['merchant_client_id', 'merchant_client_secret'].includes(column))
  );
}
