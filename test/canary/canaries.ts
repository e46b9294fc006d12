import { createHash } from 'node:crypto';

/** A secret that must not be found: its name, and a pattern for each form in which it may be written. */
export interface Canary {
  readonly name: string;
  readonly forms: readonly RegExp[];
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Returns a canary for a text: plain, URL-encoded or in base64. */
export function secretText(name: string, value: string): Canary {
  const forms = new Set([value, encodeURIComponent(value), Buffer.from(value).toString('base64')]);
  return { name, forms: [...forms].map((form) => new RegExp(escaped(form), 'i')) };
}

/** Returns a canary for digits, with or without separators. */
export function secretDigits(name: string, digits: string): Canary {
  return { name, forms: [new RegExp([...digits].join('[ .\\-/]?'))] };
}

/** Returns a canary for a few digits, which are found only if they are not part of a longer word or number. */
export function shortCode(name: string, digits: string): Canary {
  return { name, forms: [new RegExp(`(?<![\\w.:+-])${digits}(?![\\w.:+-])`)] };
}

/** Returns a canary for the plain SHA-256 digests of values that can be guessed, such as documents and cards. */
export function digestsOf(name: string, values: readonly string[]): Canary {
  const hashes = values.map((value) => createHash('sha256').update(value).digest());
  const texts = hashes.flatMap((hash) => [hash.toString('hex'), hash.toString('base64')]);
  return { name, forms: texts.map((text) => new RegExp(escaped(text), 'i')) };
}

/** Searches a text for canaries. @returns each one found, with some of the text before it. */
export function found(text: string, canaries: readonly Canary[], where: string): string[] {
  return canaries.flatMap(({ name, forms }) =>
    forms.flatMap((form) => {
      const index = text.search(form);
      return index < 0 ? [] : [`${name} in ${where}: …${text.slice(Math.max(0, index - 80), index + 20)}…`];
    }),
  );
}

export const APPROVED = '4000000000000010';
export const CARDS = [
  APPROVED,
  '4000000000000002',
  '4000000000000036',
  '4000000000009999',
  '5105105105105100',
];
export const CVV = '0739';
export const CPF = '39053344705';
export const HOLDER_CPF = '11144477735';
export const SHOPPER = {
  first_name: 'Zenaide',
  last_name: 'Canarinho',
  email: 'zenaide.canarinho@shopper.example',
  phone: '11971234589',
  document_number: CPF,
};
export const card = (number: string): Record<string, string> => ({
  number,
  cvv: CVV,
  expiration_month: '12',
  expiration_year: '2030',
  holder_name: 'ZENAIDE CANARINHO',
});

/** Personal data of shoppers, which may be only in the payloads that Appmax sends. */
export const OF_SHOPPERS: readonly Canary[] = [
  secretText('the e-mail', SHOPPER.email),
  secretDigits('the phone', SHOPPER.phone),
  secretDigits('the document', CPF),
  secretDigits("the holder's document", HOLDER_CPF),
];
/** Digests without a key, which may be nowhere: all documents and phones can be tried. */
export const PLAIN_DIGESTS: Canary = digestsOf('a plain digest', [
  SHOPPER.email,
  SHOPPER.phone,
  CPF,
  HOLDER_CPF,
  ...CARDS,
]);
export const OF_CARDS: readonly Canary[] = [
  ...CARDS.map((number) => secretDigits('a card number', number)),
  shortCode('a CVV', CVV),
];

/** The variables whose values are the service's secrets. */
export const HELD = [
  'API_SECRET_KEYS',
  'APP_KEY',
  'WEBHOOK_TOKEN',
  'DB_PASSWORD',
  'REDIS_PASSWORD',
  'APPMAX_CLIENT_SECRET',
] as const;
