import { maskText } from '../../common/masking';

/** Normalizes a text for pattern matching: lower case, no accents, single spaces. */
export function plainText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** The limit of a text after masking. Masking reads more, so that the cut never leaves half of a number unmasked. */
const OUTPUT_CHARACTERS = 1_000;
const READ_CHARACTERS = 2_000;

/**
 * Makes a text from Appmax safe to pass on: masks data of people and cards, and shortens it. Clients get the text, and
 * the database keeps it in the response that is stored for an idempotency key.
 */
export function maskedText(text: string): string {
  return maskText(text.slice(0, READ_CHARACTERS)).slice(0, OUTPUT_CHARACTERS);
}
