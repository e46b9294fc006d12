import { nextPage, type Page, samePages } from './pages';

interface Row {
  readonly id: number;
}

const signal = new AbortController().signal;
const rows = (from: number, count: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: from - index }));

/** A list on a server, newest first, with ids down to 1. */
const serve =
  (newest: number) =>
  ({ limit, cursor }: { readonly limit: number; readonly cursor?: string }): Promise<Page<Row>> => {
    const from = cursor === undefined ? newest : Number(cursor);
    const data = rows(from, Math.min(limit, from));
    return Promise.resolve({ data, next_cursor: from > limit ? String(from - limit) : null });
  };

describe('the pages of a list', () => {
  it('more rows are added at the end', async () => {
    const first = await samePages(serve(120), { data: [], next_cursor: null }, signal);
    expect([first.data.length, first.next_cursor]).toEqual([50, '70']);
    const second = await nextPage(serve(120), first, '70', signal);
    expect([second.data, second.next_cursor]).toEqual([rows(120, 100), '20']);
  });

  it('each page has as many rows as are shown, at most 200', async () => {
    let page: Page<Row> = await samePages(serve(2_000), { data: [], next_cursor: null }, signal);
    const counts = [page.data.length];
    while (counts.length < 5) {
      page = await nextPage(serve(2_000), page, page.next_cursor!, signal);
      counts.push(page.data.length);
    }
    expect(counts).toEqual([50, 100, 200, 400, 600]);
    expect(page.data).toEqual(rows(2_000, 600));
  });

  it('a reload adds new rows at the beginning and keeps those at the end', async () => {
    const before = { data: rows(120, 100), next_cursor: '20' };
    const after = await samePages(serve(123), before, signal);
    expect([after.data, after.next_cursor]).toEqual([rows(123, 103), '20']);
  });

  it('a reload of a long list reads its first 800 rows again', async () => {
    const before = { data: rows(5_000, 1_000), next_cursor: '4000' };
    let read = 0;
    const after = await samePages(
      (range) => {
        read += range.limit;
        return serve(5_001)(range);
      },
      before,
      signal,
    );
    expect([read, after.data.length, after.data[0]?.id, after.next_cursor]).toEqual([
      800,
      1_001,
      5_001,
      '4000',
    ]);
  });

  it('rows that match no more are left out', async () => {
    const load = (): Promise<Page<Row>> => Promise.resolve({ data: rows(10, 2), next_cursor: null });
    expect(await samePages(load, { data: rows(12, 4), next_cursor: null }, signal)).toEqual({
      data: rows(10, 2),
      next_cursor: null,
    });
  });
});
