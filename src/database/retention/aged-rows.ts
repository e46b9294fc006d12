import type { DataSource, EntityManager } from 'typeorm';
import { queryRows } from '../rows';

/** A table whose rows are handled once, in the order of their ids, when they have reached an age. */
export interface AgedRows<Row> {
  /** The name in `retention_progress`. */
  readonly task: string;
  readonly table: string;
  /** SQL: the columns that `handle` needs, beside `id`. */
  readonly columns?: string;
  /** SQL: the time of a row. A row without one counts as old. */
  readonly time: string;
  readonly ageSeconds: number;
  readonly batchSize: number;
  readonly handle: (
    rows: readonly (Row & { readonly id: number })[],
    manager: EntityManager,
  ) => Promise<void>;
}

/**
 * Handles the next rows of a table that have reached their age, in one transaction with the progress. It reads by the
 * primary key from where the last batch ended, and stops at the first row that is too young: ids grow with time. One
 * instance at a time works on a task.
 *
 * @returns true if there may be more.
 */
export async function handleAgedRows<Row>(dataSource: DataSource, aged: AgedRows<Row>): Promise<boolean> {
  const { task, table, columns, time, ageSeconds, batchSize, handle } = aged;
  return dataSource.transaction(async (manager) => {
    const [progress] = await queryRows<{ last_id: number }>(
      manager,
      'SELECT last_id FROM retention_progress WHERE task = $1 FOR UPDATE SKIP LOCKED',
      [task],
    );
    if (progress === undefined) return false;
    const rows = await queryRows<Row & { readonly id: number; readonly is_aged: boolean }>(
      manager,
      `SELECT id, ${columns === undefined ? '' : `${columns},`} COALESCE(${time} <= now() - make_interval(secs => $2), true) AS is_aged
       FROM ${table} WHERE id > $1 ORDER BY id LIMIT ${batchSize}`,
      [progress.last_id, ageSeconds],
    );
    const young = rows.findIndex(({ is_aged: isAged }) => !isAged);
    const old = young < 0 ? rows : rows.slice(0, young);
    const last = old.at(-1);
    if (last === undefined) return false;
    await handle(old, manager);
    await queryRows(manager, 'UPDATE retention_progress SET last_id = $2 WHERE task = $1', [task, last.id]);
    return old.length === batchSize;
  });
}
