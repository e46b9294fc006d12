import type { DataSource } from 'typeorm';
import { queryRow } from '../../database';

/** The bounds of ids: greater than `after`, at most `to`. */
export interface IdRange {
  readonly after: number;
  readonly to: number;
}

/** The end of each range is reported to the caller. */
export type Advance = (done: number, total: number) => void;

/**
 * Reads a table in ranges of its ids, so that no statement takes long, however large the table is.
 *
 * @param read returns what it has found in a range.
 */
export async function inRanges<Found>(
  {
    dataSource,
    table,
    size,
    advance,
  }: { dataSource: DataSource; table: string; size: number; advance?: Advance },
  read: (range: IdRange) => Promise<readonly Found[]>,
): Promise<Found[]> {
  const { first, last } = await queryRow<{ first: number | null; last: number | null }>(
    dataSource,
    `SELECT min(id) AS first, max(id) AS last FROM ${table}`,
  );
  const found: Found[] = [];
  if (first === null || last === null) return found;
  for (let after = first - 1; after < last; after += size) {
    found.push(...(await read({ after, to: after + size })));
    advance?.(Math.min(after + size, last) - first + 1, last - first + 1);
  }
  return found;
}
