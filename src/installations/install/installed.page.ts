import { page } from '../../common/http/page';
import type { Language } from '../../common/http/preferences';
import type { InstallAnswer } from './answers';
import { unconfirmedPage } from './unconfirmed.page';

/** The page for the merchant at the end of the installation: installed, or not confirmed if the link is not known. */
export function installedPage({ external_id: externalId }: InstallAnswer, language?: Language): string {
  if (externalId === undefined) return unconfirmedPage(language);
  return language === 'pt-BR'
    ? page(
        'Instalado',
        ['A instalação foi concluída. Você pode fechar esta página.', `O external_id é ${externalId}.`],
        language,
      )
    : page('Installed', [
        'The installation is done. You can close this page.',
        `Its external_id is ${externalId}.`,
      ]);
}
