import { encodeCursor } from './cursor';

/** What of a list is asked for: at most `limit` rows that come after the row whose id is `cursor`. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: number | undefined;
}

/** Some rows of a list, newest first; `next_cursor` asks for those that follow, null where there are none. */
export interface Page<Item> {
  readonly data: Item[];
  readonly next_cursor: string | null;
}

/** How many rows to read for a page: one more than it holds tells whether others follow. */
export function rowsToRead({ limit }: PageRequest): number {
  return limit + 1;
}

/** Makes a page of the rows that were read for it. */
export function pageOf<Row extends { readonly id: number }, Item>(
  rows: readonly Row[],
  { limit }: PageRequest,
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(toItem),
    next_cursor: rows.length > limit && last !== undefined ? encodeCursor(last.id) : null,
  };
}

/** An instant as clients get it: ISO-8601, UTC. */
export function isoTime(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
