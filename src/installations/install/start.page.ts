import { type Html, markup, page } from '../../common/http/page';
import type { MissingParameter } from '../../common/http/page-instead';
import type { Language } from '../../common/http/preferences';

const TEXTS = {
  en: {
    title: 'Install',
    intro:
      "The merchant is taken to Appmax, signs in, chooses a store and comes back. The external_key is your own name for the merchant: it is part of the URL of each of the merchant's calls.",
    appId: "The app's id (a UUID)",
    externalKey: "The merchant's external_key",
  },
  'pt-BR': {
    title: 'Instalar',
    intro:
      'O lojista vai para a Appmax, entra na conta, escolhe uma loja e volta. O external_key é o nome que você dá ao lojista: ele faz parte da URL de cada chamada do lojista.',
    appId: 'O id do aplicativo (um UUID)',
    externalKey: 'O external_key do lojista',
  },
} as const;

/** The page for a start without all its parameters: a form that is filled in with the known ones. */
export function startPage(
  { app_id: appId, external_key: externalKey }: MissingParameter['known'],
  language: Language = 'en',
): string {
  const texts = TEXTS[language];
  return page(
    texts.title,
    [
      texts.intro,
      markup`<form action="/install/start" method="get">
      ${field('app_id', texts.appId, appId)}
      ${field('external_key', texts.externalKey, externalKey)}
      <button type="submit">${texts.title}</button>
    </form>`,
    ],
    language,
  );
}

function field(name: string, label: string, value = ''): Html {
  return markup`<label>${label}<input name="${name}" value="${value}" maxlength="255" required autocapitalize="none" autocomplete="off" spellcheck="false"></label>`;
}
