/**
 * The rows that a raw statement returned. TypeORM gives the rows of SELECT and INSERT as they are, and those of UPDATE and
 * DELETE beside their count.
 */
export function rowsOf<Row>(result: unknown): Row[] {
  if (!Array.isArray(result)) return [];
  const [first, second] = result as unknown[];
  return (
    Array.isArray(first) && (result.length === 1 || typeof second === 'number') ? first : result
  ) as Row[];
}
