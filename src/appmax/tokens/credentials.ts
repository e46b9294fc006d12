import { createHash } from 'node:crypto';

/** An OAuth client at Appmax: the app itself, or one merchant's installation of it. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The credentials of one installation; `installationId` is part of its token's cache key. */
export interface MerchantCredentials extends Credentials {
  readonly installationId: number;
}

/** Hashes credentials. Bound to a cached token, the hash shows if the token belongs to other credentials. */
export function fingerprint({ clientId, clientSecret }: Credentials): string {
  return createHash('sha256')
    .update(JSON.stringify([clientId, clientSecret]))
    .digest('base64url');
}
