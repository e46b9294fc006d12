import { DatabaseError } from 'pg';
import { type DataSource, QueryFailedError } from 'typeorm';
import { poolingOf } from './data-source-options';
import { poolOf } from './pool/watch-pool';

/** A statement that each connection of the pool parses and plans once. */
export interface PreparedStatement {
  /** The statement's name on the connection: one text per name, at most 63 characters. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Runs one prepared statement on a connection of the data source's pool, without TypeORM's query runner. Through a pooler
 * the statement is sent with its text each time, because the next one may meet another connection to the server.
 *
 * @returns the rows of SELECT or RETURNING.
 * @throws QueryFailedError as TypeORM does, if PostgreSQL refuses the statement; other errors as the pool throws them.
 */
export async function queryPrepared<Row extends object>(
  dataSource: DataSource,
  { name, text, values }: PreparedStatement,
): Promise<Row[]> {
  const statement = { text, values: values as unknown[] };
  const isPlain = poolingOf(dataSource) !== 'none';
  try {
    const { rows } = await poolOf(dataSource).query<Row>(isPlain ? statement : { name, ...statement });
    return rows;
  } catch (error) {
    throw error instanceof DatabaseError ? new QueryFailedError(text, statement.values, error) : error;
  }
}
