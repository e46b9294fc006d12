import { createHmac, timingSafeEqual } from 'node:crypto';
import { randomHex } from '../common/identifiers';

/** What a merchant's server identifies itself with at the token endpoint. */
export interface MerchantCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Longer keys would make client ids that don't fit where clients keep them. */
const LONGEST_READABLE_KEY = 96;

function secretFor(appSecret: string, clientId: string): string {
  return createHmac('sha256', appSecret).update(clientId).digest('hex');
}

/**
 * Makes credentials that carry their merchant's key and are signed with the app's secret: a simulator that was
 * started again, and remembers nothing, still knows the merchants whose credentials a service has kept.
 */
export function mintCredentials(appSecret: string, externalKey: string): MerchantCredentials {
  const readableKey =
    externalKey.length <= LONGEST_READABLE_KEY ? Buffer.from(externalKey).toString('base64url') : '';
  const clientId = `merchant_${randomHex(8)}.${readableKey}`;
  return { clientId, clientSecret: secretFor(appSecret, clientId) };
}

/** Whether two secrets are the same, in time that doesn't depend on where they differ. */
export function sameSecret(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}

/**
 * Reads the merchant out of credentials that an earlier run of the simulator minted under the same app secret.
 * @returns the merchant's external key, or null when the credentials are not ours or carry no key
 */
export function merchantKeyOf(appSecret: string, credentials: MerchantCredentials): string | null {
  const match = /^merchant_[0-9a-f]{16}\.([\w-]+)$/.exec(credentials.clientId);
  const expected = secretFor(appSecret, credentials.clientId);
  if (match?.[1] === undefined || !sameSecret(credentials.clientSecret, expected)) return null;
  return Buffer.from(match[1], 'base64url').toString();
}
