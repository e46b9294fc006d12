import type { Credentials } from '../../appmax';
import { isSealed, type Sealer } from '../../common/secrets/sealer';
import { longestSealable } from '../../common/secrets/sealing';

/** The width of the two columns. */
const COLUMN_LENGTH = 512;

/** The length limit of a client id or secret, in bytes of UTF-8: sealed, it must fit its column. */
export const LONGEST_CREDENTIAL = longestSealable(COLUMN_LENGTH);

/** A merchant's credentials as they are stored in the two columns of a row. */
export interface StoredCredentials {
  readonly merchantClientId: string;
  readonly merchantClientSecret: string;
}

/** Returns true if the credentials are short enough to be stored. */
export function fitsColumns({ clientId, clientSecret }: Credentials): boolean {
  return [clientId, clientSecret].every((text) => Buffer.byteLength(text) <= LONGEST_CREDENTIAL);
}

/** Seals credentials for storage. The encryption context of each value is its column and its row's key. */
export function sealCredentials(
  sealer: Sealer,
  externalKey: string,
  { clientId, clientSecret }: Credentials,
): StoredCredentials {
  const { id, secret } = encryptionContexts(externalKey);
  return {
    merchantClientId: sealer.seal(clientId, id),
    merchantClientSecret: sealer.seal(clientSecret, secret),
  };
}

/** Opens stored credentials. @throws SealError if they were not sealed for this row with a known key. */
export function openCredentials(
  sealer: Sealer,
  externalKey: string,
  { merchantClientId, merchantClientSecret }: StoredCredentials,
): Credentials {
  const { id, secret } = encryptionContexts(externalKey);
  return {
    clientId: sealer.open(merchantClientId, id),
    clientSecret: sealer.open(merchantClientSecret, secret),
  };
}

/** Returns true if both values are sealed, with any key. */
export function areSealed({ merchantClientId, merchantClientSecret }: StoredCredentials): boolean {
  return isSealed(merchantClientId) && isSealed(merchantClientSecret);
}

function encryptionContexts(externalKey: string): { id: string[]; secret: string[] } {
  const context = (column: string): string[] => ['installations', column, externalKey];
  return { id: context('merchant_client_id'), secret: context('merchant_client_secret') };
}
