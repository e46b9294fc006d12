const SHOWN_MILLISECONDS = 4000;

/** Shows the copy buttons below an element. Each copies the text of the element that `data-copy` names by its id. */
export function offerCopies(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', () => void copy(button));
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const source = document.getElementById(button.dataset['copy'] ?? '');
  const state = button.parentElement?.querySelector('[role="status"]');
  if (source === null || state === null || state === undefined) return;
  const say = (text = ''): void => {
    state.textContent = text;
  };
  try {
    await navigator.clipboard.writeText(source.textContent);
    say(button.dataset['copied']);
  } catch {
    // Without permission for the clipboard the selected text is copied by hand.
    getSelection()?.selectAllChildren(source);
    say(button.dataset['failed']);
  }
  setTimeout(say, SHOWN_MILLISECONDS);
}
