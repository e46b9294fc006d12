import { page } from '../../common/http/page';
import type { InstallAnswer } from './answers';

/** What a merchant sees when the installation is done. */
export function installedPage({ external_id: externalId }: InstallAnswer): string {
  return page('Installed', [
    'The installation is done. You can close this page.',
    ...(externalId === undefined ? [] : [`Its external_id is ${externalId}.`]),
  ]);
}
