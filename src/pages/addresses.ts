import type { Config } from '../config';
import { WEBHOOK_PATH } from '../webhooks';

/** The addresses of the service that are registered at Appmax. */
export interface Addresses {
  /** The callback of the app. */
  readonly callback: string;
  /** The address of webhooks, without its token. */
  readonly webhook: string;
  /** The start of an installation, which merchants open. */
  readonly install: string;
}

/** Returns the addresses below the public URL. */
export function addressesOf({ publicUrl }: Pick<Config, 'publicUrl'>): Addresses {
  return {
    callback: `${publicUrl}/integrations/appmax/callback/install`,
    webhook: `${publicUrl}/${WEBHOOK_PATH}`,
    install: `${publicUrl}/install/start`,
  };
}
