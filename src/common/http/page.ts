const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Where the pages' stylesheet is served. */
export const STYLESHEET_PATH = '/assets/style.css';

/** What a page is sent with: it runs no script, and lies in nobody's frame; its address, which may hold a hash, goes nowhere. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  Vary: 'Accept',
};

/** A piece of HTML. Only {@link markup} makes it, so that a text is never taken for one. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | Html | readonly Html[];

/** A text as it may stand in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** HTML as it is written here, with values in it: texts are escaped, pieces of HTML are not. */
export function markup(written: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(
    written.map((text, index) => (index === 0 ? '' : textOf(values[index - 1] ?? '')) + text).join(''),
  );
}

/** A plain page: a title, and below it paragraphs of text or pieces of HTML. */
export function page(title: string, content: readonly (string | Html)[]): string {
  const body = content.map((piece) => (typeof piece === 'string' ? markup`<p>${piece}</p>` : piece));
  const head = markup`<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="stylesheet" href="${STYLESHEET_PATH}">`;
  return markup`<!doctype html><html lang="en"><head>${head}</head><body><main><h1>${title}</h1>${body}</main></body></html>`
    .text;
}

function textOf(value: Value): string {
  if (typeof value === 'string') return escapeHtml(value);
  return value instanceof Html ? value.text : value.map(({ text }) => text).join('');
}
