import type { Language } from './preferences';
import { builtFiles, WEB_PATH } from './web-files';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * The headers of a page: own files only, no frames, and no Referer, because the URL may contain an installation's hash. The
 * script may ask for the page again with a secret key.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  Vary: 'Accept',
};

/** The headers of a page whose language depends on the reader. */
export const LOCALISED_PAGE_HEADERS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  Vary: 'Accept, Accept-Language',
};

const BRAND = 'Appmax Checkout';

/** The texts around the content of each page. `otherLanguage` is in the other language. */
const FRAME = {
  'pt-BR': {
    other: 'en',
    otherLanguage: 'English',
    pages: 'Páginas',
    home: 'Início',
    install: 'Instalar',
    webhook: 'Webhook',
    ready: 'Estado do serviço',
    api: 'API',
    copy: 'Copiar',
    copied: 'Copiado',
    copyFailed: 'Selecione o texto e copie',
  },
  en: {
    other: 'pt-BR',
    otherLanguage: 'Português',
    pages: 'Pages',
    home: 'Home',
    install: 'Install',
    webhook: 'Webhook',
    ready: 'State of the service',
    api: 'API',
    copy: 'Copy',
    copied: 'Copied',
    copyFailed: 'Select the text and copy it',
  },
} as const satisfies Record<Language, { readonly other: Language } & Readonly<Record<string, string>>>;

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

/** The parts of a page beside its title and content. */
export interface PageOptions {
  /** The query of the link to the page in the other language, without `lang`. Undefined: there is no such link. */
  readonly query?: Readonly<Record<string, string | undefined>>;
}

/**
 * Builds a page in the design system: a title, followed by paragraphs of text or fragments of HTML, with links to the other
 * pages. A fragment that starts with `<section` stands beside the first card, not in it.
 */
export function page(
  title: string,
  content: readonly (string | Html)[],
  language: Language = 'en',
  { query }: PageOptions = {},
): string {
  const texts = FRAME[language];
  const pieces = content.map((piece) => (typeof piece === 'string' ? markup`<p>${piece}</p>` : piece));
  const sections = pieces.filter(({ text }) => text.startsWith('<section'));
  const body = pieces.filter((piece) => !sections.includes(piece));
  const { script, stylesheets } = builtFiles('pages/main.ts');
  const links = stylesheets.map((name) => markup`<link rel="stylesheet" href="${WEB_PATH}/${name}">`);
  const scripts =
    script === undefined ? [] : [markup`<script type="module" src="${WEB_PATH}/${script}"></script>`];
  const head = markup`<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="icon" href="data:,">${links}${scripts}`;
  // The API's documentation is in English only.
  const to = (name: keyof typeof PATHS): string =>
    name === 'api' ? PATHS.api : `${PATHS[name]}?lang=${language}`;
  const pages = (['home', 'install', 'webhook', 'ready', 'api'] as const).map(
    (name) => markup`<a href="${to(name)}">${texts[name]}</a>`,
  );
  const header = markup`<header class="top"><a class="brand" href="${to('home')}">${BRAND}</a>${query === undefined ? '' : otherLanguage(language, query)}</header>`;
  const footer = markup`<footer class="bottom"><nav aria-label="${texts.pages}">${pages}</nav></footer>`;
  return markup`<!doctype html><html lang="${language}"><head>${head}</head><body>${header}<main class="page narrow"><section class="card"><h1>${title}</h1>${body}</section>${sections}</main>${footer}</body></html>`
    .text;
}

const PATHS = {
  home: '/',
  install: '/install/start',
  webhook: '/webhooks/appmax',
  ready: '/health/ready',
  api: '/docs',
} as const;

function otherLanguage(language: Language, query: NonNullable<PageOptions['query']>): Html {
  const { other, otherLanguage: name } = FRAME[language];
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const address = new URLSearchParams([...given, ['lang', other]]).toString();
  return markup`<a href="?${address}" lang="${other}" hreflang="${other}">${name}</a>`;
}

/** Builds a text to take along, with a button that copies it if scripts run. `id` is unique in the page. */
export function copyBox(id: string, label: string, text: string, language: Language): Html {
  const { copy, copied, copyFailed } = FRAME[language];
  return markup`<div class="copy-line"><span class="label">${label}</span><code id="${id}">${text}</code><button type="button" class="button plain" data-copy="${id}" data-copied="${copied}" data-failed="${copyFailed}" hidden>${copy} <span class="visually-hidden">${label}</span></button><span role="status" class="copy-state"></span></div>`;
}

function textOf(value: Value): string {
  if (typeof value === 'string') return escapeHtml(value);
  return value instanceof Html ? value.text : value.map(({ text }) => text).join('');
}
