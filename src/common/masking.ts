import { isCreditCard } from 'class-validator';
import { cnpj, cpf } from 'cpf-cnpj-validator';

/** An address that its owner recognises, and nobody else can use: `m…@example.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? maskDigits(email) : `${email.slice(0, 1)}…${email.slice(at)}`;
}

/** A document or a telephone number by its last two characters: `…99`. */
export function maskDigits(text: string): string {
  return `…${text.length > 4 ? text.slice(-2) : ''}`;
}

const EMAIL = /(?<![\p{L}\d._%+-])[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu;
/** Cards, documents and telephone numbers, however they are written. Orders' and customers' ids are shorter. */
const LONG_NUMBER = /(?<![\p{L}\d])\+?\(?\d(?:[\s._\-/()]{0,2}\d){10,}(?![\p{L}\d])/gu;
/**
 * What a CPF, a CNPJ or a card may look like whatever stands beside it, and a CNPJ with letters in it, as they are given
 * out now: their check digits tell whether it is one.
 */
const CHECKED =
  /(?<!\d)(?:\d{11}|\d{13,19}|\d{3}\.\d{3}\.\d{3}-\d{2})(?!\d)|(?<![\p{L}\d])[A-Z\d]{2}\.?[A-Z\d]{3}\.?[A-Z\d]{3}\/?[A-Z\d]{4}-?\d{2}(?![\p{L}\d])/gu;
/** A telephone number of a house, as people write it: by its digits alone it looks like an order's. */
const LANDLINE = /\(\d{2}\)\s?\d{4}-?\d{4}(?!\d)/gu;
const CARD_CODE =
  /((?:cvv|cvc|cvn|security code|c[oó]digo de seguran[cç]a)\d?(?:\W|is|é){0,6})\d{3,4}(?!\d)/giu;
/** A token or a secret: nothing that people write is that long without a space. UUIDs, which name things, are shorter. */
const OPAQUE = /[A-Za-z\d_+/=~.-]{40,}/g;
/** Shorter ones, in somebody else's words: letters and digits without a dash, as UUIDs have it. */
const OPAQUE_NAME = /(?<![\w-])(?=\w*\d)\w{28,}(?![\w-])/g;
/** The same in a line of ours, where paths and the names of files are that long. */
const OPAQUE_WORD = /[A-Za-z\d_+=~-]{40,}/g;

/** Somebody else's words, in which they may have repeated what they were sent: what is nobody's business is masked. */
export function maskText(text: string): string {
  return withoutPeople(text).replace(OPAQUE, '…').replace(OPAQUE_NAME, '…');
}

/** A line of ours in which such words may be, or names that someone made of them. */
export function maskLine(text: string): string {
  return withoutPeople(text).replace(OPAQUE_WORD, '…');
}

function isSomebodys(text: string): boolean {
  return cpf.isValid(text) || cnpj.isValid(text) || isCreditCard(text);
}

/** One line without addresses, documents, cards and telephones, fit for any terminal: control characters could otherwise make it look like several, or like another. */
export function withoutPeople(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(EMAIL, maskEmail)
    .replace(CARD_CODE, '$1…')
    .replace(LONG_NUMBER, maskDigits)
    .replace(LANDLINE, maskDigits)
    .replace(CHECKED, (found) => (isSomebodys(found) ? maskDigits(found) : found));
}
