import { isRecord } from '../../../common/is-record';
import { maskedText } from '../../answers/texts';

/** Reads the error text, masked, from any of the forms of Appmax's error bodies; undefined if there is none. */
export function errorText(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  const { errors, error, message, text: oldText, data } = body;
  const candidates = [
    isRecord(errors) && 'message' in errors ? textOf(errors['message']) : textOf(errors),
    isRecord(error) ? textOf(error['message']) : (textOf(body['error_description']) ?? textOf(error)),
    textOf(message),
    isRecord(data) ? textOf(data['message']) : textOf(data),
    textOf(oldText),
  ];
  const text = candidates.find((candidate) => candidate !== undefined);
  return text === undefined ? undefined : maskedText(text);
}

/** Reads the seconds to wait from the body of a 429: `{"retryAfter": "45(s)"}`; undefined if it has none. */
export function retryAfterOfBody(body: unknown): number | undefined {
  const value = isRecord(body) ? body['retryAfter'] : undefined;
  const [seconds] = /^\d{1,6}/.exec(String(value).trim()) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

/** Returns a text unchanged, a list as `text, …`, and an object of fields with lists of texts as `field: text; …`. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  if (Array.isArray(value)) {
    const texts = value.map((entry) => textOf(isRecord(entry) ? (entry['message'] ?? entry) : entry));
    return texts.filter((text) => text !== undefined).join(', ') || undefined;
  }
  if (!isRecord(value)) return undefined;
  const parts = Object.entries(value).map(
    ([field, texts]) => `${field}: ${[texts].flat().map(asText).join(', ')}`,
  );
  return parts.length === 0 ? undefined : parts.join('; ');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
