import { useCallback, useRef, useState } from 'preact/hooks';
import { type LoadPage, nextPage, type Page, samePages } from './pages';
import { type Query, useQuery } from './use-query';

/** The pages of a list that were loaded so far, as one. */
export interface Pages<Row> extends Omit<Query<readonly Row[]>, 'data'> {
  readonly rows: readonly Row[] | undefined;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
}

/**
 * Loads the first page of a list, more when asked for, and all of them again on a reload.
 *
 * @param key the filters, as a text: another key begins with the first page
 */
export function usePages<Row extends { readonly id: unknown }>(key: string, load: LoadPage<Row>): Pages<Row> {
  const [more, setMore] = useState({ key, count: 0 });
  const shown = useRef<Page<Row>>({ data: [], next_cursor: null });
  const wanted = useRef({ key, isMore: false });
  const query = useQuery(key, async (signal): Promise<Page<Row>> => {
    const before = wanted.current.key === key ? shown.current : { data: [], next_cursor: null };
    const isMore = wanted.current.key === key && wanted.current.isMore;
    wanted.current = { key, isMore: false };
    const page =
      isMore && before.next_cursor !== null
        ? await nextPage(load, before, before.next_cursor, signal)
        : await samePages(load, before, signal);
    if (!signal.aborted) shown.current = page;
    return page;
  });
  const { reload } = query;
  const loadMore = useCallback(() => {
    wanted.current.isMore = true;
    setMore({ key, count: shown.current.data.length });
    reload();
  }, [key, reload]);
  return {
    rows: query.data?.data,
    hasMore: (query.data?.next_cursor ?? null) !== null,
    isLoadingMore: query.isLoading && more.key === key && more.count === query.data?.data.length,
    loadMore,
    error: query.error,
    isLoading: query.isLoading,
    reload,
  };
}
