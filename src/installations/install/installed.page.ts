import { page } from '../../common/http/page';
import type { InstallAnswer } from './answers';

/** The page for the merchant at the end of the installation. */
export function installedPage({ external_id: externalId }: InstallAnswer): string {
  return page('Installed', [
    'The installation is done. You can close this page.',
    ...(externalId === undefined ? [] : [`Its external_id is ${externalId}.`]),
  ]);
}
