/** Something that must not be found, by what it is, in the forms in which it may be written. */
export interface Canary {
  readonly name: string;
  readonly forms: readonly RegExp[];
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** A text that is found wherever it stands: as it is, in an address, or in base64 by itself. */
export function secretText(name: string, value: string): Canary {
  const forms = new Set([value, encodeURIComponent(value), Buffer.from(value).toString('base64')]);
  return { name, forms: [...forms].map((form) => new RegExp(escaped(form), 'i')) };
}

/** Digits that are found with and without what people write between them. */
export function secretDigits(name: string, digits: string): Canary {
  return { name, forms: [new RegExp([...digits].join('[ .\\-/]?'))] };
}

/** A few digits, which are found only where nothing stands beside them that makes them part of something longer. */
export function shortCode(name: string, digits: string): Canary {
  return { name, forms: [new RegExp(`(?<![\\w.:+-])${digits}(?![\\w.:+-])`)] };
}

/** @returns what was found, with a little of what stands around it. */
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

/** What shoppers tell: nowhere but in what Appmax itself sends of them. */
export const OF_SHOPPERS: readonly Canary[] = [
  secretText('the e-mail', SHOPPER.email),
  secretDigits('the phone', SHOPPER.phone),
  secretDigits('the document', CPF),
  secretDigits("the holder's document", HOLDER_CPF),
];
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
