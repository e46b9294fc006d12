import { maskText } from '../../common/masking';

/** A text in lower case, without accents and without doubled blanks, as tables of texts compare it. */
export function plainText(words: string): string {
  return words.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** So much of Appmax's words is told; more is read, so that what is masked is not cut in two by it. */
const TOLD_CHARACTERS = 1_000;
const READ_CHARACTERS = 2_000;

/**
 * Words of Appmax's as they may be told. They go to clients, and with a repeated request's answer to the database: what
 * they repeat of people and cards is masked.
 */
export function tellable(words: string): string {
  return maskText(words.slice(0, READ_CHARACTERS)).slice(0, TOLD_CHARACTERS);
}
