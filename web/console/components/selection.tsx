import type { ComponentChildren, JSX } from 'preact';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { useCommonTexts, useConsole } from '../context';
import { count } from '../format';

type Id = string | number;

/** The rows of a list that were chosen by hand. A row that leaves the list is not chosen any more. */
export interface Selection {
  /** The ids of the chosen rows, in the order of the list. */
  readonly ids: readonly Id[];
  readonly has: (id: Id) => boolean;
  /** Chooses a row or drops it, or, as a range, all rows from the one before to this one. */
  readonly choose: (id: Id, isChosen: boolean, isRange: boolean) => void;
  readonly chooseAll: (isChosen: boolean) => void;
}

/** Keeps the chosen rows of a list. */
export function useSelection(rows: readonly { readonly id: Id }[] | undefined): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<Id>>(new Set());
  const anchor = useRef<Id>(undefined);
  const ids = useMemo(() => rows?.map(({ id }) => id) ?? [], [rows]);
  const change = useCallback((changed: readonly Id[], isChosen: boolean) => {
    setChosen((before) => {
      const next = new Set(before);
      for (const id of changed) next[isChosen ? 'add' : 'delete'](id);
      return next;
    });
  }, []);
  return {
    ids: useMemo(() => ids.filter((id) => chosen.has(id)), [ids, chosen]),
    has: (id) => chosen.has(id),
    choose: (id, isChosen, isRange) => {
      change(isRange ? rangeOf(ids, anchor.current, id) : [id], isChosen);
      anchor.current = id;
    },
    chooseAll: (isChosen) => {
      change(ids, isChosen);
    },
  };
}

/** Returns the ids from one row to another, both included. Without the first one, only the second. */
export function rangeOf<Row>(ids: readonly Row[], from: Row | undefined, to: Row): readonly Row[] {
  const [first, last] = [from === undefined ? -1 : ids.indexOf(from), ids.indexOf(to)];
  if (first === -1 || last === -1) return [to];
  return ids.slice(Math.min(first, last), Math.max(first, last) + 1);
}

/** Says how many rows are chosen, chooses all that are loaded or none, and has the actions for them. */
export function SelectionBar({
  selection,
  total,
  children,
}: {
  readonly selection: Selection;
  /** The number of loaded rows. */
  readonly total: number;
  readonly children: ComponentChildren;
}): JSX.Element {
  const t = useCommonTexts();
  const { language } = useConsole();
  const { length } = selection.ids;
  return (
    <div class="selection-bar" role="group" aria-label={t('selection')}>
      <label class="pick-all">
        <input
          type="checkbox"
          checked={length === total}
          indeterminate={length > 0 && length < total}
          onChange={({ currentTarget: { checked } }) => {
            selection.chooseAll(checked);
          }}
        />
        {t('chooseAll')}
      </label>
      <span role="status">{t('chosen', { count: count(length, language) })}</span>
      {children}
      <span class="hint keys">{t('selectionHint')}</span>
    </div>
  );
}

interface PickableProps {
  readonly id: Id;
  /** The name of the row for screen readers. */
  readonly label: string;
  readonly selection: Selection;
  readonly children: ComponentChildren;
}

/**
 * A row with a checkbox. A click with Shift chooses a range. While the row has the focus, Space chooses it, and Shift with
 * an arrow chooses the next one, too.
 */
export function Pickable({ id, label, selection, children }: PickableProps): JSX.Element {
  const t = useCommonTexts();
  const isChosen = selection.has(id);
  return (
    <div
      class={isChosen ? 'pickable chosen' : 'pickable'}
      onKeyDown={(event) => {
        const isOnRow = event.target instanceof Element && event.target.matches('[data-row]');
        if (!isOnRow || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === ' ') {
          selection.choose(id, !isChosen, event.shiftKey);
          event.preventDefault();
        } else if (event.shiftKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
          // The key moves the focus as without Shift. Its release, on the next row, chooses that one.
          selection.choose(id, true, false);
        }
      }}
      onKeyUp={(event) => {
        if (event.shiftKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp'))
          selection.choose(id, true, false);
      }}
    >
      <label class="pick">
        <input
          type="checkbox"
          checked={isChosen}
          aria-label={t('chooseRow', { name: label })}
          onClick={(event) => {
            selection.choose(id, event.currentTarget.checked, event.shiftKey);
          }}
        />
      </label>
      {children}
    </div>
  );
}
