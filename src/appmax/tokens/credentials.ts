import { createHash } from 'node:crypto';

/** An OAuth client of Appmax's: the app itself, or one merchant's installation of it. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The credentials of one installation's merchant; `installationId` names its token in the cache. */
export interface MerchantCredentials extends Credentials {
  readonly installationId: number;
}

/** Tells credentials apart without being them: kept beside a token, it shows when the token is another pair's. */
export function fingerprint({ clientId, clientSecret }: Credentials): string {
  return createHash('sha256')
    .update(JSON.stringify([clientId, clientSecret]))
    .digest('base64url');
}
