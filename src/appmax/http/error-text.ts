import { isRecord } from '../../common/is-record';
import { maskedText } from '../answers/texts';

/** Reads the error text, masked, from any of the forms of Appmax's error bodies; undefined if there is none. */
export function errorText(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  const { errors, error, message, data } = body;
  const candidates = [
    isRecord(errors) ? textOf(errors['message']) : textOf(errors),
    isRecord(error) ? textOf(error['message']) : (textOf(body['error_description']) ?? textOf(error)),
    textOf(message),
    isRecord(data) ? textOf(data['message']) : undefined,
  ];
  const text = candidates.find((candidate) => candidate !== undefined);
  return text === undefined ? undefined : maskedText(text);
}

/** Returns a text unchanged, and an object of fields with lists of texts as `field: text; …`. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  if (!isRecord(value)) return undefined;
  const parts = Object.entries(value).map(
    ([field, texts]) => `${field}: ${[texts].flat().map(asText).join(', ')}`,
  );
  return parts.length === 0 ? undefined : parts.join('; ');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
