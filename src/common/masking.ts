import { isCreditCard } from 'class-validator';
import { cnpj, cpf } from 'cpf-cnpj-validator';

/** Masks an email address so that only its owner recognises it: `m…@example.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? maskDigits(email) : `${email.slice(0, 1)}…${email.slice(at)}`;
}

/** Masks a document or a telephone number except for its last two characters: `…99`. */
export function maskDigits(text: string): string {
  return `…${text.length > 4 ? text.slice(-2) : ''}`;
}

const EMAIL = /(?<![\p{L}\d._%+-])[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu;
/** Cards, documents and telephone numbers, with any separators. The ids of orders and customers are shorter. */
const LONG_NUMBER = /(?<![\p{L}\d])\+?\(?\d(?:[\s._\-/()]{0,2}\d){10,}(?![\p{L}\d])/gu;
/**
 * Candidates for a CPF, a CNPJ (also the new form with letters) or a card, next to any characters. Only those with
 * valid check digits are masked.
 */
const CHECKED =
  /(?<!\d)(?:\d{11}|\d{13,19}|\d{3}\.\d{3}\.\d{3}-\d{2})(?!\d)|(?<![\p{L}\d])[A-Z\d]{2}\.?[A-Z\d]{3}\.?[A-Z\d]{3}\/?[A-Z\d]{4}-?\d{2}(?![\p{L}\d])/gu;
/** A landline number in its usual format. Without the format, it has as many digits as an order's id. */
const LANDLINE = /\(\d{2}\)\s?\d{4}-?\d{4}(?!\d)/gu;
const CARD_CODE =
  /((?:cvv|cvc|cvn|security code|c[oó]digo de seguran[cç]a)\d?(?:\W|is|é){0,6})\d{3,4}(?!\d)/giu;
/** A token or a secret: at least 40 characters without a space. UUIDs are shorter, and are not masked. */
const OPAQUE = /[A-Za-z\d_+/=~.-]{40,}/g;
/** A shorter token or secret in a text from another system: at least 28 letters and digits. UUIDs have dashes. */
const OPAQUE_NAME = /(?<![\w-])(?=\w*\d)\w{28,}(?![\w-])/g;
/** A token or a secret in our own log line, without `/` and `.`: paths and file names may be that long. */
const OPAQUE_WORD = /[A-Za-z\d_+=~-]{40,}/g;

/** Masks personal data and secrets in a text from another system, which may repeat what it was sent. */
export function maskText(text: string): string {
  return maskPersonalData(text).replace(OPAQUE, '…').replace(OPAQUE_NAME, '…');
}

/** Masks personal data and secrets in a log line of ours, which may contain such a text. */
export function maskLine(text: string): string {
  return maskPersonalData(text).replace(OPAQUE_WORD, '…');
}

function isPersonalNumber(text: string): boolean {
  return cpf.isValid(text) || cnpj.isValid(text) || isCreditCard(text);
}

/** Masks email addresses, documents, cards and telephone numbers, and removes control characters (log injection). */
export function maskPersonalData(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(EMAIL, maskEmail)
    .replace(CARD_CODE, '$1…')
    .replace(LONG_NUMBER, maskDigits)
    .replace(LANDLINE, maskDigits)
    .replace(CHECKED, (found) => (isPersonalNumber(found) ? maskDigits(found) : found));
}
