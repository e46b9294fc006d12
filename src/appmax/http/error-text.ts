import { isRecord } from '../../common/is-record';
import { tellable } from '../answers/words';

/** Appmax's own words in an error body, in any of the forms that it uses, as they may be told; undefined where there are none. */
export function errorText(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  const { errors, error, message, data } = body;
  const candidates = [
    isRecord(errors) ? wordsOf(errors['message']) : wordsOf(errors),
    isRecord(error) ? wordsOf(error['message']) : (wordsOf(body['error_description']) ?? wordsOf(error)),
    wordsOf(message),
    isRecord(data) ? wordsOf(data['message']) : undefined,
  ];
  const words = candidates.find((candidate) => candidate !== undefined);
  return words === undefined ? undefined : tellable(words);
}

/** A text as it is; a map of fields to lists of texts as `field: text; …`. */
function wordsOf(value: unknown): string | undefined {
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
