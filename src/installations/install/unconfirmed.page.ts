import { markup, page } from '../../common/http/page';
import type { Language } from '../../common/http/preferences';

/**
 * The page for a merchant whose return from Appmax can't be confirmed: the link is unknown, used, or more than an hour
 * old, or the installation failed. It doesn't say if the shop is installed, because the service can't know.
 *
 * @param reason the error's message, if there is one.
 */
export function unconfirmedPage(language: Language = 'pt-BR', reason?: string): string {
  return language === 'en'
    ? page(
        'The installation could not be confirmed',
        [
          reason === undefined
            ? 'This service does not know this link: it was used before, it is more than an hour old, or it was not created here.'
            : `The installation was not completed: ${reason}.`,
          'If you reloaded this page or opened the link twice, the first time may have been successful. Ask the operator of this service before you start again.',
          markup`<p><a href="/install/start">Start the installation again</a></p>`,
        ],
        language,
      )
    : page(
        'Não foi possível confirmar a instalação',
        [
          reason === undefined
            ? 'Este serviço não conhece este link: ele já foi usado, tem mais de uma hora ou não foi criado aqui.'
            : `A instalação não foi concluída: ${reason}.`,
          'Se você recarregou esta página ou abriu o link duas vezes, a primeira vez pode ter dado certo. Pergunte a quem opera este serviço antes de começar de novo.',
          markup`<p><a href="/install/start">Começar a instalação de novo</a></p>`,
        ],
        language,
      );
}
