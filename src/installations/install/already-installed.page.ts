import { markup, page } from '../../common/http/page';
import type { Language } from '../../common/http/preferences';

/** The page for a browser without a secret key that opens the install link of an installed shop. */
export function alreadyInstalledPage(language: Language = 'pt-BR'): string {
  return language === 'en'
    ? page(
        'This shop is already installed',
        [
          'The external_key of this link belongs to a shop that is installed. If the shop works, there is nothing to do: you can close this page.',
          'To install the shop again, ask the operator of this service: only a request with a secret key can start it, because it replaces the credentials of the shop.',
          markup`<p>To install another shop, <a href="/install/start">start with another external_key</a>.</p>`,
        ],
        language,
      )
    : page(
        'Esta loja já está instalada',
        [
          'O external_key deste link pertence a uma loja que está instalada. Se a loja funciona, não é preciso fazer nada: você pode fechar esta página.',
          'Para instalar a loja de novo, fale com quem opera este serviço: só uma requisição com uma chave secreta pode começar, porque ela troca as credenciais da loja.',
          markup`<p>Para instalar outra loja, <a href="/install/start">comece com outro external_key</a>.</p>`,
        ],
        language,
      );
}
