import { markup } from '../../common/http/page';
import type { Language } from '../../common/http/preferences';
import { scriptPage } from '../../common/http/script-page';
import type { PageFiles } from '../../common/http/web-files';

/** The origins that Appmax's browser script of each environment sends cards to; they are built into the script. */
const TOKENIZE_ORIGINS = {
  production: 'https://hdixjlm06b.execute-api.sa-east-1.amazonaws.com',
  sandbox: 'https://2ufaxwvzb7.execute-api.us-east-1.amazonaws.com',
} as const;

/** The text before the script has run, and without one. */
const TEXTS: Readonly<
  Record<Language, { readonly title: string; readonly loading: string; readonly noScript: string }>
> = {
  'pt-BR': {
    title: 'Pagamento',
    loading: 'Carregando…',
    noScript: 'Ative o JavaScript do navegador para pagar.',
  },
  en: { title: 'Payment', loading: 'Loading…', noScript: 'Turn on JavaScript in your browser to pay.' },
};

/** Renders the payment page of a session. Its script asks for the session; that answer is requested at once. */
export function payPage(session: string, files: PageFiles, language: Language): string {
  const { title, loading, noScript } = TEXTS[language];
  return scriptPage({
    language,
    title,
    files,
    head: markup`<link rel="preload" as="fetch" crossorigin="anonymous" href="${encodeURIComponent(session)}/view">`,
    content: markup`<header class="top"><h1>${title}</h1></header><main class="page"><p class="loading">${loading}</p></main>`,
    noScript,
  });
}

/**
 * Returns the page's Content-Security-Policy: own files, Appmax's script with the host that it sends cards to, and
 * pictures of products over HTTPS. Nothing is allowed inline.
 */
export function payPagePolicy({
  scriptUrl,
  environment,
}: {
  readonly scriptUrl: string;
  readonly environment: keyof typeof TOKENIZE_ORIGINS;
}): string {
  const scriptOrigin = new URL(scriptUrl).origin;
  return [
    "default-src 'none'",
    `script-src 'self' ${scriptOrigin}`,
    "style-src 'self'",
    "img-src 'self' data: https:",
    `connect-src 'self' ${scriptOrigin} ${TOKENIZE_ORIGINS[environment]}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
