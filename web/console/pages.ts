/** The rows of the first page. */
export const PAGE_ROWS = 50;
/** The maximum of the API. */
const MAXIMUM_ROWS = 200;
/** The rows that a reload reads again. Those after them stay as they were. */
const RELOADED_ROWS = 800;

/** A page of a list as the API answers it. */
export interface Page<Row> {
  readonly data: readonly Row[];
  readonly next_cursor: string | null;
}

/** Loads one page. */
export type LoadPage<Row> = (
  range: { readonly limit: number; readonly cursor?: string },
  signal: AbortSignal,
) => Promise<Page<Row>>;

/** Reads the next page of a list: as many rows as are shown, so that the end of a long list is not hundreds of pages away. */
export async function nextPage<Row>(
  load: LoadPage<Row>,
  before: Page<Row>,
  cursor: string,
  signal: AbortSignal,
): Promise<Page<Row>> {
  const limit = Math.min(MAXIMUM_ROWS, Math.max(PAGE_ROWS, before.data.length));
  const { data, next_cursor } = await load({ limit, cursor }, signal);
  return { data: [...before.data, ...data], next_cursor };
}

/** Reads as many rows again as are shown. */
export async function samePages<Row extends { readonly id: unknown }>(
  load: LoadPage<Row>,
  before: Page<Row>,
  signal: AbortSignal,
): Promise<Page<Row>> {
  const wanted = Math.max(PAGE_ROWS, Math.min(before.data.length, RELOADED_ROWS));
  let page = await load({ limit: Math.min(wanted, MAXIMUM_ROWS) }, signal);
  const fresh = [...page.data];
  while (fresh.length < wanted && page.next_cursor !== null) {
    page = await load(
      { limit: Math.min(wanted - fresh.length, MAXIMUM_ROWS), cursor: page.next_cursor },
      signal,
    );
    fresh.push(...page.data);
  }
  const last = fresh.at(-1)?.id;
  const position = before.data.findIndex(({ id }) => id === last);
  // The rows that new ones have pushed out of the range stay at the end, so that no row moves while it is read.
  const rest = position === -1 ? [] : before.data.slice(position + 1);
  return {
    data: [...fresh, ...rest],
    next_cursor: rest.length === 0 ? page.next_cursor : before.next_cursor,
  };
}
