/** Runs statements: a DataSource, an EntityManager or a QueryRunner of TypeORM. */
export interface StatementRunner {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/**
 * Runs one statement and returns its rows, whatever the statement is: TypeORM itself returns the rows of SELECT and INSERT as
 * they are, and those of UPDATE and DELETE beside their count.
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
