import { plainText } from '../answers/texts';
import type { AppmaxFailure } from '../failures/appmax-failure';

/** Texts that say that Appmax did not accept the bearer token or the OAuth client of a request. */
const TOKEN_REFUSALS: readonly RegExp[] = [
  /\bunauthenticated\b/,
  /\b(nao autenticado|nao autenticada)\b/,
  /\btokens?\b/,
  /\bjwt\b/,
  /\binvalid[_ ]client\b/,
  /\bunauthorized[_ ]client\b/,
  /\bclient authentication failed\b/,
  /\bclient (is |was )?(invalid|unknown|unauthorized|not authorized|not found|revoked)\b/,
  /\bunknown client\b/,
  /\bclient oauth\b/,
];

/** Texts about the payment itself: "the card token is invalid" is about the shopper's card. */
const PAYMENT_WORDS = /\b(cards?|cartao|cartoes|payments?|pagamento|wallet|carteira|apple|google|pix)\b/;

/**
 * Returns true if Appmax's text is about the bearer token or the OAuth client. Appmax rejected such a request before it
 * had any effect, so any request can be repeated with a new token.
 */
export function isTokenRefusal(text: string | undefined): boolean {
  if (text === undefined) return false;
  const plain = plainText(text);
  return !PAYMENT_WORDS.test(plain) && TOKEN_REFUSALS.some((pattern) => pattern.test(plain));
}

/**
 * Returns true if an answer of the token service refuses the credentials themselves: any 401, and a 400 or 403 whose
 * text is about the client. Other refusals, such as of the form of our request, say nothing about the merchant.
 */
export function refusesCredentials({ status, text }: Pick<AppmaxFailure, 'status' | 'text'>): boolean {
  return status === 401 || ((status === 400 || status === 403) && isTokenRefusal(text));
}
