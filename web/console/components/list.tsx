import { Component, type ComponentChildren, type JSX } from 'preact';
import type { Language } from '../../shared/texts';
import { useCommonTexts, useConsole } from '../context';
import { count } from '../format';
import { PAGE_ROWS } from '../pages';
import type { Pages } from '../use-pages';
import { Chunk } from './chunk';
import { Pickable, type Selection } from './selection';
import { Failure, Loaded } from './states';

/** A column of a list. On a phone, a row is a card: the first column is its title, the others have their labels. */
export interface Column<Row> {
  readonly label: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
}

interface ListProps<Row> {
  /** The name of the list for screen readers. */
  readonly label: string;
  readonly pages: Pages<Row>;
  readonly columns: readonly Column<Row>[];
  /** The address of a row's detail; rows without one are no links. */
  readonly hrefOf?: (row: Row) => string;
  /** The content instead of an empty list. */
  readonly empty?: ComponentChildren;
  /** The rows that are chosen by hand, and the names of rows for it. */
  readonly picks?: { readonly selection: Selection; readonly nameOf: (row: Row) => string };
}

/**
 * A list of rows that are links, loaded by pages. Rows far from the window are not in the document, see {@link Chunk}. The arrow
 * keys move between rows, see {@link moveInList}.
 */
export function List<Row extends { readonly id: string | number }>(props: ListProps<Row>): JSX.Element {
  const { label, pages, columns, hrefOf, empty, picks } = props;
  const t = useCommonTexts();
  const { language } = useConsole();
  const { rows } = pages;
  return (
    <Loaded query={{ ...pages, data: rows, error: rows === undefined ? pages.error : undefined }}>
      {(shown) =>
        shown.length === 0 ? (
          <div class="empty">{empty ?? t('emptyList')}</div>
        ) : (
          <div class="list" aria-busy={pages.isLoading}>
            <div class={picks === undefined ? 'list-head' : 'list-head pickable-head'} aria-hidden="true">
              {columns.map(({ label: name, isNumber }) => (
                <span key={name} class={isNumber === true ? 'number' : undefined}>
                  {name}
                </span>
              ))}
            </div>
            <div role="list" aria-label={label}>
              {chunksOf(shown).map(({ first, rows: chunk }) => (
                <Chunk key={chunk.at(-1)?.id}>
                  {() =>
                    chunk.map((row, index) => (
                      <div
                        key={row.id}
                        role="listitem"
                        aria-posinset={first + index + 1}
                        aria-setsize={pages.hasMore ? -1 : shown.length}
                      >
                        <Picked row={row} picks={picks}>
                          <Cells row={row} columns={columns} href={hrefOf?.(row)} language={language} />
                        </Picked>
                      </div>
                    ))
                  }
                </Chunk>
              ))}
            </div>
            {pages.error === undefined ? null : <Failure error={pages.error} onRetry={pages.reload} />}
            <p class="list-end">
              {pages.hasMore ? (
                <button
                  type="button"
                  class="button plain"
                  aria-disabled={pages.isLoadingMore}
                  onClick={() => {
                    if (!pages.isLoadingMore) pages.loadMore();
                  }}
                >
                  {pages.isLoadingMore ? t('loading') : t('loadMore')}
                </button>
              ) : null}
              <span class="hint" role="status">
                {t(pages.hasMore ? 'shown' : 'endOfList', { count: count(shown.length, language) })}
              </span>
              {hrefOf === undefined ? null : <span class="hint keys">{t('listHint')}</span>}
            </p>
          </div>
        )
      }
    </Loaded>
  );
}

/** A row, with a checkbox if rows can be chosen. */
function Picked<Row extends { readonly id: string | number }>({
  row,
  picks,
  children,
}: {
  readonly row: Row;
  readonly picks: ListProps<Row>['picks'];
  readonly children: JSX.Element;
}): JSX.Element {
  if (picks === undefined) return children;
  return (
    <Pickable id={row.id} label={picks.nameOf(row)} selection={picks.selection}>
      {children}
    </Pickable>
  );
}

/** Cuts rows into groups of 50, counted from the end: rows that come at the beginning move no other to another group. */
function chunksOf<Row>(rows: readonly Row[]): readonly { first: number; rows: readonly Row[] }[] {
  const short = rows.length % PAGE_ROWS;
  const chunks = short === 0 ? [] : [{ first: 0, rows: rows.slice(0, short) }];
  for (let first = short; first < rows.length; first += PAGE_ROWS)
    chunks.push({ first, rows: rows.slice(first, first + PAGE_ROWS) });
  return chunks;
}

interface CellsProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly href: string | undefined;
  readonly language: Language;
}

/**
 * A row. It is rendered again only if its data, its link or the language change: not with each page that is added, nor with
 * each reload, which returns all rows anew.
 */
class Cells<Row> extends Component<CellsProps<Row>> {
  override shouldComponentUpdate({ row, href, language }: CellsProps<Row>): boolean {
    const { props } = this;
    if (href !== props.href || language !== props.language) return true;
    return row !== props.row && JSON.stringify(row) !== JSON.stringify(props.row);
  }

  override render({ row, columns, href }: CellsProps<Row>): JSX.Element {
    const cells = columns.map(({ label, cell, isNumber }, index) => (
      <span key={label} class={isNumber === true ? 'cell number' : 'cell'}>
        <span class={index === 0 ? 'visually-hidden' : 'cell-label'}>{label} </span>
        {cell(row)}
      </span>
    ));
    return href === undefined ? (
      <div class="row">{cells}</div>
    ) : (
      <a class="row" data-row href={href}>
        {cells}
      </a>
    );
  }
}

/** Moves the focus to the next or the previous row of the page's list. @returns true if there is one */
export function moveInList(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const position = rows.findIndex((row) => row === document.activeElement);
  const next = position === -1 ? rows[0] : rows[position + step];
  next?.focus();
  // A row that was scrolled far away has no neighbours in the document until it is back in the window.
  (next ?? rows[position])?.scrollIntoView({ block: 'nearest' });
  return next !== undefined;
}
