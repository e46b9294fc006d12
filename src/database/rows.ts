/** Runs statements: a DataSource, an EntityManager or a QueryRunner of TypeORM. */
export interface StatementRunner {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/**
 * Runs one statement of any kind and returns its rows. TypeORM itself returns an array of rows for SELECT and INSERT, and
 * an array of the rows and their count for UPDATE and DELETE.
 *
 * @returns the selected rows, or those of RETURNING; none without it.
 */
export async function queryRows<Row>(
  runner: StatementRunner,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  const result = await runner.query(sql, parameters);
  if (!Array.isArray(result)) return [];
  const [first, second] = result as unknown[];
  return (
    Array.isArray(first) && (result.length === 1 || typeof second === 'number') ? first : result
  ) as Row[];
}

/** Runs one statement that always returns a row, such as an aggregate without GROUP BY, and returns the first one. */
export async function queryRow<Row>(
  runner: StatementRunner,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row> {
  const [row] = await queryRows<Row>(runner, sql, parameters);
  if (row === undefined) throw new Error('The statement returned no row');
  return row;
}
