import { useEffect, useState } from 'preact/hooks';

/** The path of the console. All views are below it. */
export const ROOT = '/console';

/** A view's address: its path below {@link ROOT}, and its filters. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** The values of a query; empty and undefined ones are left out of addresses. */
export type QueryValues = Readonly<Record<string, string | number | undefined>>;

/** The event of a change of the address by the console itself. The browser announces only its own. */
const MOVED = 'console:moved';

function currentPlace(): Place {
  const path = location.pathname.replace(ROOT, '').replace(/\/+$/, '');
  return { path: path === '' ? '/' : path, query: new URLSearchParams(location.search) };
}

/** Returns the address of a view. It keeps the language that was chosen by `?lang=`. */
export function hrefTo(path: string, query: QueryValues = {}): string {
  const lang = new URLSearchParams(location.search).get('lang') ?? undefined;
  const given = Object.entries({ ...query, lang: query['lang'] ?? lang }).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `${ROOT}${path === '/' ? '' : path}${search === '' ? '' : `?${search}`}`;
}

/** Shows another view. @param replace true: the address before is not kept in the history, such as while typing a filter. */
export function goTo(href: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  history[replace ? 'replaceState' : 'pushState']({ isOwn: true }, '', href);
  window.dispatchEvent(new Event(MOVED));
}

/** Goes back to where the reader came from, or to a view if the page was opened by a link. */
export function goBack(fallback: string): void {
  if ((history.state as { readonly isOwn?: boolean } | null)?.isOwn === true) history.back();
  else goTo(hrefTo(fallback));
}

/** Returns the address that is shown, and renders again when it changes. Clicks on links of the console load no page. */
export function usePlace(): Place {
  const [place, setPlace] = useState(currentPlace);
  useEffect(() => {
    const update = (): void => {
      setPlace(currentPlace());
    };
    const follow = (event: MouseEvent): void => {
      const link = (event.target as Element | null)?.closest<HTMLAnchorElement>('a[href]');
      const isPlain = !event.defaultPrevented && event.button === 0;
      const opensElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
      if (!link || !isPlain || opensElsewhere || link.target !== '' || link.hasAttribute('download')) return;
      if (link.origin !== location.origin || !`${link.pathname}/`.startsWith(`${ROOT}/`)) return;
      event.preventDefault();
      goTo(link.href);
      window.scrollTo(0, 0);
    };
    window.addEventListener('popstate', update);
    window.addEventListener(MOVED, update);
    document.addEventListener('click', follow);
    return () => {
      window.removeEventListener('popstate', update);
      window.removeEventListener(MOVED, update);
      document.removeEventListener('click', follow);
    };
  }, []);
  return place;
}
