import { digitsOf } from './format';

/** A brand of cards: its prefixes, the lengths of its numbers and of its security code. */
export interface Brand {
  readonly name: string;
  readonly prefix: RegExp;
  readonly lengths: readonly number[];
  readonly code: number;
}

/** The brands that Appmax takes; the first whose prefix matches counts. Elo has prefixes of other brands. */
const BRANDS: readonly Brand[] = [
  {
    name: 'Elo',
    prefix:
      /^(401178|401179|431274|438935|451416|457393|457631|457632|504175|506(699|7\d\d)|509\d{3}|627780|636297|636368|65(003[1-3]|003[5-9]|004\d|005[01]|0[4-9]|16|5[0-5]))/,
    lengths: [16],
    code: 3,
  },
  { name: 'Hipercard', prefix: /^(606282|3841)/, lengths: [13, 16, 19], code: 3 },
  { name: 'Visa', prefix: /^4/, lengths: [13, 16, 19], code: 3 },
  { name: 'Mastercard', prefix: /^(5[1-5]|2(22[1-9]|2[3-9]|[3-6]|7[01]|720))/, lengths: [16], code: 3 },
  { name: 'American Express', prefix: /^3[47]/, lengths: [15], code: 4 },
  { name: 'Diners Club', prefix: /^3(0[0-5]|[68])/, lengths: [14, 16], code: 3 },
  { name: 'Discover', prefix: /^6(011|4[4-9]|5)/, lengths: [16, 19], code: 3 },
];

/** Returns the brand of a number, also of its first digits; undefined if it is not known. */
export function brandOf(number: string): Brand | undefined {
  const digits = digitsOf(number);
  return BRANDS.find(({ prefix }) => prefix.test(digits));
}

/** Returns true if the digits have a right check digit and a length of their brand. */
export function isCardNumber(number: string): boolean {
  const digits = digitsOf(number);
  const lengths = brandOf(digits)?.lengths ?? [13, 14, 15, 16, 17, 18, 19];
  if (!lengths.includes(digits.length)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** Writes a number in the groups that cards have. */
export function groupedNumber(text: string): string {
  const digits = digitsOf(text).slice(0, 19);
  const groups = brandOf(digits)?.code === 4 ? /^(\d{1,4})(\d{1,6})?(\d+)?$/ : undefined;
  if (groups !== undefined) return (groups.exec(digits) ?? []).slice(1).filter(Boolean).join(' ');
  return digits.replaceAll(/(\d{4})(?=\d)/g, '$1 ');
}

/** Writes an expiry as `MM/YY`. Autofill may give the year in four digits. */
export function groupedExpiry(text: string): string {
  const typed = /^\s*(\d{1,2})\s*[/-]\s*(\d{0,4})\s*$/.exec(text);
  const month = typed?.[1]?.padStart(typed[2] === '' ? 1 : 2, '0');
  const digits = typed === null ? digitsOf(text) : `${month ?? ''}${typed[2] ?? ''}`;
  // `1225` is December 2025; six digits are a year of four.
  const short = digits.length === 6 ? `${digits.slice(0, 2)}${digits.slice(4)}` : digits.slice(0, 6);
  return short.length > 2 ? `${short.slice(0, 2)}/${short.slice(2)}` : short;
}

/** Reads an expiry. @returns undefined if it is none */
export function readExpiry(text: string): { readonly month: string; readonly year: string } | undefined {
  const match = /^(0[1-9]|1[0-2])\/(\d{2})$/.exec(text);
  return match === null ? undefined : { month: match[1] ?? '', year: `20${match[2] ?? ''}` };
}

/** Returns true if a card with this expiry is no longer valid: it is valid until the end of its month. */
export function isPast({ month, year }: { month: string; year: string }, now: Date): boolean {
  return now >= new Date(Number(year), Number(month), 1);
}
