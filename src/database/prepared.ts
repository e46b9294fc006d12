import type { DataSource } from 'typeorm';
import { poolOf } from './pool/watch-pool';

/** A statement that is prepared once per connection under its name. A name always has the same text. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

const preparing = new WeakSet<DataSource>();

/** Allows prepared statements on a pool. Behind a pooler in transaction mode, the next statement may meet another session. */
export function allowPreparedStatements(dataSource: DataSource): void {
  preparing.add(dataSource);
}

/** Runs one statement on the pool, prepared if the pool allows that. @returns its rows. */
export async function queryPrepared<Row>(
  dataSource: DataSource,
  { name, text, values }: PreparedStatement,
): Promise<Row[]> {
  const statement = preparing.has(dataSource) ? { name, text, values } : { text, values };
  const { rows } = await poolOf(dataSource).query(statement);
  return rows as Row[];
}
