import type { Credentials } from '../../appmax';
import { isSealed, type Sealer } from '../../common/secrets/sealer';
import { longestSealable } from '../../common/secrets/sealing';

/** The width of the two columns. */
const COLUMN_LENGTH = 512;

/** The longest client id or secret that can be kept, in bytes of UTF-8: sealed, it must fit its column. */
export const LONGEST_CREDENTIAL = longestSealable(COLUMN_LENGTH);

/** A merchant's credentials as the two columns of a row hold them. */
export interface StoredCredentials {
  readonly merchantClientId: string;
  readonly merchantClientSecret: string;
}

/** Whether these credentials can be kept. */
export function fit({ clientId, clientSecret }: Credentials): boolean {
  return [clientId, clientSecret].every((text) => Buffer.byteLength(text) <= LONGEST_CREDENTIAL);
}

/** Credentials as they are stored: each sealed for its own column of its own row. */
export function sealCredentials(
  sealer: Sealer,
  externalKey: string,
  { clientId, clientSecret }: Credentials,
): StoredCredentials {
  const { id, secret } = places(externalKey);
  return {
    merchantClientId: sealer.seal(clientId, id),
    merchantClientSecret: sealer.seal(clientSecret, secret),
  };
}

/** @throws SealError for what another row's, another key's or nobody's sealing is. */
export function openCredentials(
  sealer: Sealer,
  externalKey: string,
  { merchantClientId, merchantClientSecret }: StoredCredentials,
): Credentials {
  const { id, secret } = places(externalKey);
  return {
    clientId: sealer.open(merchantClientId, id),
    clientSecret: sealer.open(merchantClientSecret, secret),
  };
}

/** Whether both are sealed, by whatever key. */
export function areSealed({ merchantClientId, merchantClientSecret }: StoredCredentials): boolean {
  return isSealed(merchantClientId) && isSealed(merchantClientSecret);
}

function places(externalKey: string): { id: string[]; secret: string[] } {
  const place = (column: string): string[] => ['installations', column, externalKey];
  return { id: place('merchant_client_id'), secret: place('merchant_client_secret') };
}
