import { useEffect } from 'preact/hooks';
import { moveInList } from './components/list';
import { goBack } from './router';

const FIELDS = 'input, select, textarea, [contenteditable]';

/**
 * The keys of all views: `/` focuses the search, the arrows move in the list (Enter opens a row, as for any link), Escape
 * leaves a field, then the view. Dialogs keep their keys.
 *
 * @param parent the path of the view that Escape leads to; undefined if there is none
 */
export function useKeyboard(parent: string | undefined): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('dialog[open]') !== null) return;
      const { target, key } = event;
      const field = target instanceof Element ? target.closest<HTMLElement>(FIELDS) : null;
      if (field !== null) {
        if (key === 'Escape') field.blur();
        return;
      }
      if (key === '/') {
        const search = document.querySelector<HTMLInputElement>('[data-search]');
        if (search === null) return;
        event.preventDefault();
        search.focus();
        search.select();
      } else if (key === 'ArrowDown' || key === 'ArrowUp') {
        // Inside a scrolling box, such as a payload, the arrows scroll.
        const isInBox = target instanceof Element && target.closest('pre, summary') !== null;
        if (!isInBox && moveInList(key === 'ArrowDown' ? 1 : -1)) event.preventDefault();
      } else if (key === 'Escape' && parent !== undefined) goBack(parent);
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, [parent]);
}
