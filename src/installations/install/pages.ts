import { copyBox, type Html, markup, page } from '../../common/http/page';
import type { MissingParameter } from '../../common/http/page-instead';
import type { Language } from '../../common/http/preferences';
import type { InstallAnswer } from './answers';

const TEXTS = {
  'pt-BR': {
    start: {
      title: 'Instalar',
      intro:
        'O lojista vai para a Appmax, entra na conta, escolhe uma loja e volta. O external_key é o nome que você dá ao lojista: ele faz parte da URL de cada chamada do lojista.',
      appId: 'O id do aplicativo (um UUID)',
      externalKey: 'O external_key do lojista',
    },
    ready: {
      title: 'Pronto',
      text: 'Este é o endereço para o qual a Appmax envia os lojistas de volta quando eles instalam o aplicativo. Ele responde, e não há nada a fazer aqui.',
    },
    installed: {
      title: 'Instalado',
      text: 'A instalação foi concluída. Você pode fechar esta página.',
      id: 'external_id da loja',
      webhook: 'Registre agora o webhook na Appmax',
    },
    alreadyInstalled: {
      title: 'Esta loja já está instalada',
      text: 'O external_key deste link pertence a uma loja que está instalada. Se a loja funciona, não é preciso fazer nada: você pode fechar esta página.',
      again:
        'Para instalar a loja de novo, fale com quem opera este serviço: só uma requisição com uma chave secreta pode começar, porque ela troca as credenciais da loja.',
      other: markup`<p>Para instalar outra loja, <a href="/install/start">comece com outro external_key</a>.</p>`,
    },
    unconfirmed: {
      title: 'Não foi possível confirmar a instalação',
      failed: 'A instalação não foi concluída:',
      unknown:
        'Este serviço não conhece este link: ele já foi usado, tem mais de uma hora ou não foi criado aqui.',
      advice:
        'Se você recarregou esta página ou abriu o link duas vezes, a primeira vez pode ter dado certo. Pergunte a quem opera este serviço antes de começar de novo.',
      start: markup`<p><a href="/install/start">Começar a instalação de novo</a></p>`,
    },
  },
  en: {
    start: {
      title: 'Install',
      intro:
        "The merchant is taken to Appmax, signs in, chooses a store and comes back. The external_key is your own name for the merchant: it is part of the URL of each of the merchant's calls.",
      appId: "The app's id (a UUID)",
      externalKey: "The merchant's external_key",
    },
    ready: {
      title: 'Ready',
      text: 'This is the address to which Appmax sends merchants back when they have installed the app. It is reachable, and there is nothing to do here.',
    },
    installed: {
      title: 'Installed',
      text: 'The installation is done. You can close this page.',
      id: 'external_id of the shop',
      webhook: 'Now register the webhook at Appmax',
    },
    alreadyInstalled: {
      title: 'This shop is already installed',
      text: 'The external_key of this link belongs to a shop that is installed. If the shop works, there is nothing to do: you can close this page.',
      again:
        'To install the shop again, ask the operator of this service: only a request with a secret key can start it, because it replaces the credentials of the shop.',
      other: markup`<p>To install another shop, <a href="/install/start">start with another external_key</a>.</p>`,
    },
    unconfirmed: {
      title: 'The installation could not be confirmed',
      failed: 'The installation was not completed:',
      unknown:
        'This service does not know this link: it was used before, it is more than an hour old, or it was not created here.',
      advice:
        'If you reloaded this page or opened the link twice, the first time may have been successful. Ask the operator of this service before you start again.',
      start: markup`<p><a href="/install/start">Start the installation again</a></p>`,
    },
  },
} as const;

/** The page for a start without all its parameters: a form that is filled in with the known ones. */
export function startPage(
  { app_id: appId, external_key: externalKey }: MissingParameter['known'],
  language: Language = 'en',
): string {
  const texts = TEXTS[language].start;
  // Both would start the installation.
  const query = externalKey === undefined ? { app_id: appId } : { external_key: externalKey };
  return page(
    texts.title,
    [
      texts.intro,
      markup`<form action="/install/start" method="get">
      ${field('app_id', texts.appId, appId)}
      ${field('external_key', texts.externalKey, externalKey)}
      <input type="hidden" name="lang" value="${language}">
      <button type="submit" class="button primary">${texts.title}</button>
    </form>`,
    ],
    language,
    { query },
  );
}

function field(name: string, label: string, value = ''): Html {
  return markup`<label>${label}<input type="text" name="${name}" value="${value}" maxlength="255" required autocapitalize="none" autocomplete="off" spellcheck="false"></label>`;
}

/** The page for a browser that opens the callback's URL without parameters. */
export function readinessPage(_: unknown, language: Language = 'en'): string {
  const { title, text } = TEXTS[language].ready;
  return page(title, [text], language, { query: {} });
}

/** The page for the merchant at the end of the installation: installed, or not confirmed if the link is not known. */
export function installedPage({ external_id: externalId }: InstallAnswer, language?: Language): string {
  if (externalId === undefined) return unconfirmedPage(language);
  const { title, text, id, webhook } = TEXTS[language ?? 'en'].installed;
  return page(
    title,
    [
      markup`<p><span class="sign good" aria-hidden="true">✓</span></p>`,
      text,
      copyBox('external-id', id, externalId, language ?? 'en'),
      markup`<p><a href="/webhooks/appmax?lang=${language ?? 'en'}">${webhook}</a></p>`,
    ],
    language ?? 'en',
  );
}

/** The page for a browser without a secret key that opens the install link of an installed shop. */
export function alreadyInstalledPage(language: Language = 'pt-BR'): string {
  const { title, text, again, other } = TEXTS[language].alreadyInstalled;
  return page(title, [text, again, other], language);
}

/**
 * The page for a merchant whose return from Appmax can't be confirmed: the link is unknown, used, or more than an hour
 * old, or the installation failed. It doesn't say if the shop is installed, because the service can't know.
 *
 * @param reason the error's message, if there is one.
 */
export function unconfirmedPage(language: Language = 'pt-BR', reason?: string): string {
  const { title, failed, unknown, advice, start } = TEXTS[language].unconfirmed;
  return page(title, [reason === undefined ? unknown : `${failed} ${reason}.`, advice, start], language);
}
