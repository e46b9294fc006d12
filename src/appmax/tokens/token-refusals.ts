import { plainText } from '../answers/texts';

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
