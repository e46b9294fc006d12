/** A request for one page of a list: at most `limit` rows after the row with the id `cursor`. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: number | undefined;
}

/** One page of a list, newest first; `next_cursor` requests the next page, and is null on the last one. */
export interface Page<Item> {
  readonly data: Item[];
  readonly next_cursor: string | null;
}

/** Returns the number of rows to read for a page: one more than its limit, to see if there is a next page. */
export function rowsToRead({ limit }: PageRequest): number {
  return limit + 1;
}

/** Builds a page from the rows that were read for it. */
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

/** Formats a time for clients: ISO 8601, UTC. */
export function isoTime(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}

const CURSOR = /^i([1-9]\d{0,15})$/;

/** Encodes the position after a row of a list as an opaque cursor. */
export function encodeCursor(id: number): string {
  return Buffer.from(`i${id}`).toString('base64url');
}

/** Decodes a cursor. @returns the row's id; undefined if the cursor is invalid. */
export function decodeCursor(cursor: string): number | undefined {
  const id = Number(CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1]);
  return Number.isSafeInteger(id) && encodeCursor(id) === cursor ? id : undefined;
}
