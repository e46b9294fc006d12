import { isRecord } from '../../common/is-record';
import { maskPersonalData } from '../../common/masking';

/** Parts of the names of fields that hold personal data, in Appmax's generations of webhooks. */
const PERSONAL =
  /name|email|phone|telephone|document|cpf|cnpj|birth|address|street|postcode|zip|district|complement|number|city|state|holder|card|\bip\b|ip_|_ip|digitable|emv|qr|pdf|url|link|hash|token/i;

/** Names that match {@link PERSONAL}, but say nothing about a person. */
const HARMLESS = new Set(['status', 'app_name', 'product_name', 'installments_number', 'event_name']);

/**
 * Masks the personal data of shoppers in a payload that is shown: the values of fields whose names say that they hold
 * some, and emails, documents and telephone numbers in any other text. Numbers without such a name, such as ids, stay.
 */
export function maskShopper(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => maskShopper(item, name));
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskShopper(item, key)]));
  if (value === null || typeof value === 'boolean') return value;
  if (PERSONAL.test(name) && !HARMLESS.has(name)) return '…';
  return typeof value === 'string' ? maskPersonalData(value) : value;
}
