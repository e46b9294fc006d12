import { markup } from '../common/http/page';
import type { Language } from '../common/http/preferences';
import { scriptPage } from '../common/http/script-page';
import type { PageFiles } from '../common/http/web-files';

/** The text before the script has run, and without one. */
const TEXTS: Readonly<Record<Language, { readonly loading: string; readonly noScript: string }>> = {
  'pt-BR': { loading: 'Carregando…', noScript: 'Ative o JavaScript do navegador para usar o painel.' },
  en: { loading: 'Loading…', noScript: 'Turn on JavaScript in your browser to use the console.' },
};

/** The headers of the console's page: own files and calls to this service only, no frames, nothing kept. */
export const CONSOLE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  Vary: 'Accept-Language',
};

/** Renders the one document of all views of the console. It has no data: its script asks for that after the sign-in. */
export function consolePage(files: PageFiles, language: Language): string {
  const { loading, noScript } = TEXTS[language];
  return scriptPage({
    language,
    title: 'Appmax Checkout',
    files,
    content: markup`<main class="page"><p class="loading">${loading}</p></main>`,
    noScript,
  });
}
