import { offerCopies } from './copy';

/**
 * Shows the form for a secret key. It asks for the same page with the key in `Authorization`, as a browser can't send that
 * header by itself, and shows the answer instead. The key is in no address, and is not kept.
 */
export function offerKeyForm(root: ParentNode): void {
  const form = root.querySelector<HTMLFormElement>('form[data-key-form]');
  if (form === null) return;
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void showWithKey(form);
  });
}

async function showWithKey(form: HTMLFormElement): Promise<void> {
  const key = form.querySelector('input');
  const error = form.querySelector('[role="alert"]');
  const main = document.querySelector('main');
  if (key === null || error === null || main === null) return;
  const fail = (text = ''): void => {
    error.textContent = text;
  };
  try {
    const headers = { authorization: `Bearer ${key.value.trim()}`, accept: 'text/html' };
    const answer = await fetch(location.href, { headers, cache: 'no-store' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const shown = page.querySelector('main');
    // The form is in every answer to a caller without the key.
    if (!answer.ok || shown === null || page.querySelector('form[data-key-form]') !== null) {
      fail(form.dataset['refused']);
      return;
    }
    main.replaceWith(shown);
    offerCopies(shown);
    const heading = shown.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus();
  } catch {
    fail(form.dataset['failed']);
  }
}
