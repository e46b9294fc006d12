import type { DataSource } from 'typeorm';
import { poolOf } from './pool/watch-pool';

/** A statement that PostgreSQL parses once for each connection. The name belongs to one text. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Runs one statement on a connection of the pool, as a named prepared statement. Through a pooler in transaction mode it
 * has no name: the next statement may meet another session.
 *
 * @returns the selected rows, or those of RETURNING.
 */
export async function queryPrepared<Row>(
  dataSource: DataSource,
  { name, text, values }: PreparedStatement,
): Promise<Row[]> {
  const { keepsPrepared } = (dataSource.options as { extra?: { keepsPrepared?: boolean } }).extra ?? {};
  const query = { text, values: [...values], ...(keepsPrepared === false ? {} : { name }) };
  return (await poolOf(dataSource).query(query)).rows as Row[];
}
