/**
 * Returns the rows of a raw statement. TypeORM returns a list of rows for SELECT and INSERT, but a pair of rows and
 * count for UPDATE and DELETE.
 */
export function rowsOf<Row>(result: unknown): Row[] {
  if (!Array.isArray(result)) return [];
  const [first, second] = result as unknown[];
  return (
    Array.isArray(first) && (result.length === 1 || typeof second === 'number') ? first : result
  ) as Row[];
}
