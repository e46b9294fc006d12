import { type Html, markup } from '../common/http/page';
import type { Language } from '../common/http/preferences';

const TEXTS = {
  'pt-BR': {
    key: 'Chave secreta com o escopo manage',
    show: 'Mostrar',
    refused: 'Esta chave não é válida ou não tem o escopo manage.',
    failed: 'Não foi possível consultar o serviço. Tente de novo.',
    without: 'Sem JavaScript, peça esta página com o cabeçalho Authorization: Bearer e a chave.',
  },
  en: {
    key: 'Secret key with the scope manage',
    show: 'Show',
    refused: 'This key is not valid, or lacks the scope manage.',
    failed: 'The service could not be asked. Try again.',
    without: 'Without JavaScript, request this page with the header Authorization: Bearer and the key.',
  },
} as const;

/**
 * Builds the form that shows what a page has only for holders of a key. The field has no name, so that no form ever sends
 * the key in an address; the script sends it in `Authorization`.
 */
export function keyForm(language: Language): Html {
  const { key, show, refused, failed, without } = TEXTS[language];
  return markup`<noscript><p class="hint">${without}</p></noscript><form data-key-form data-refused="${refused}" data-failed="${failed}" hidden><label>${key}<input type="password" autocomplete="off" spellcheck="false" required></label><p role="alert" class="error"></p><button type="submit" class="button primary">${show}</button></form>`;
}
