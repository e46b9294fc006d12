import { isRecord } from '../../common/is-record';
import { maskDigits, maskEmail } from '../../common/masking';

/**
 * Masks the merchant's own data in a payload that is shown. App Store webhooks always contain it; an operator needs
 * only the shopper's.
 */
export function maskMerchant(payload: unknown): unknown {
  if (!isRecord(payload) || !isRecord(payload['partner_merchant'])) return payload;
  const merchant = Object.entries(payload['partner_merchant']).map(([name, value]) => [
    name,
    masked(name, value),
  ]);
  return { ...payload, partner_merchant: Object.fromEntries(merchant) as unknown };
}

function masked(name: string, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return name.includes('email') ? maskEmail(text) : maskDigits(text);
}
