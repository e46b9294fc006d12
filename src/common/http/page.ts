import type { Language } from './preferences';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The path of the pages' stylesheet. */
export const STYLESHEET_PATH = '/assets/style.css';

/** The headers of a page: no scripts, no frames, and no Referer, because the URL may contain an installation's hash. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  Vary: 'Accept',
};

/** The headers of a page whose language depends on the reader. */
export const LOCALISED_PAGE_HEADERS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  Vary: 'Accept, Accept-Language',
};

/** A fragment of HTML. Only {@link markup} creates it, so that plain text is never used as HTML. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | Html | readonly Html[];

/** Escapes a text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** Builds HTML from a template literal: text values are escaped, {@link Html} values are not. */
export function markup(template: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(
    template.map((text, index) => (index === 0 ? '' : textOf(values[index - 1] ?? '')) + text).join(''),
  );
}

/** Builds a simple page: a title, followed by paragraphs of text or fragments of HTML. */
export function page(title: string, content: readonly (string | Html)[], language: Language = 'en'): string {
  const body = content.map((piece) => (typeof piece === 'string' ? markup`<p>${piece}</p>` : piece));
  const head = markup`<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="stylesheet" href="${STYLESHEET_PATH}">`;
  return markup`<!doctype html><html lang="${language}"><head>${head}</head><body><main><h1>${title}</h1>${body}</main></body></html>`
    .text;
}

function textOf(value: Value): string {
  if (typeof value === 'string') return escapeHtml(value);
  return value instanceof Html ? value.text : value.map(({ text }) => text).join('');
}
