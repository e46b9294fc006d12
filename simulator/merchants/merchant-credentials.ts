import { createHmac, timingSafeEqual } from 'node:crypto';
import { randomHex } from '../common/identifiers';

/** The credentials of a merchant for the token endpoint. */
export interface MerchantCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The longest external key that goes into a client id: longer client ids may not fit into a client's database. */
const LONGEST_READABLE_KEY = 96;

function secretFor(appSecret: string, clientId: string): string {
  return createHmac('sha256', appSecret).update(clientId).digest('hex');
}

/**
 * Creates credentials that contain the merchant's external key and are signed with the app's secret. A restarted
 * simulator has no data, but still accepts the credentials that a service has saved.
 */
export function mintCredentials(appSecret: string, externalKey: string): MerchantCredentials {
  const readableKey =
    externalKey.length <= LONGEST_READABLE_KEY ? Buffer.from(externalKey).toString('base64url') : '';
  const clientId = `merchant_${randomHex(8)}.${readableKey}`;
  return { clientId, clientSecret: secretFor(appSecret, clientId) };
}

/** Returns true if two secrets are equal. Compares them in constant time. */
export function sameSecret(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}

/**
 * Reads the merchant's external key from credentials that an earlier run created with the same app secret.
 * @returns null if the credentials are invalid or contain no key
 */
export function merchantKeyOf(appSecret: string, credentials: MerchantCredentials): string | null {
  const match = /^merchant_[0-9a-f]{16}\.([\w-]+)$/.exec(credentials.clientId);
  const expected = secretFor(appSecret, credentials.clientId);
  if (match?.[1] === undefined || !sameSecret(credentials.clientSecret, expected)) return null;
  return Buffer.from(match[1], 'base64url').toString();
}
