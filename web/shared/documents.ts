import { digitsOf } from './format';

const CPF_WEIGHTS = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2];
const CNPJ_WEIGHTS = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];

/** Returns true if the text is a CPF or CNPJ with right check digits, with or without its mask. */
export function isDocument(text: string): boolean {
  const digits = digitsOf(text);
  if (/^(\d)\1*$/.test(digits)) return false;
  if (digits.length === 11) return hasCheckDigits(digits, CPF_WEIGHTS);
  return digits.length === 14 && hasCheckDigits(digits, CNPJ_WEIGHTS);
}

/** Compares the last two digits with the check digits; the weights are those of the last one. */
function hasCheckDigits(digits: string, weights: readonly number[]): boolean {
  const body = digits.slice(0, -2);
  const first = checkDigit(body, weights.slice(1));
  return digits.endsWith(`${first}${checkDigit(`${body}${first}`, weights)}`);
}

function checkDigit(digits: string, weights: readonly number[]): number {
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (weights[index] ?? 0), 0);
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}

/** Writes a CPF or CNPJ with its mask, also while it is typed. */
export function groupedDocument(text: string): string {
  const digits = digitsOf(text).slice(0, 14);
  const [sizes, marks] =
    digits.length <= 11
      ? [
          [3, 3, 3, 2],
          ['.', '.', '-'],
        ]
      : [
          [2, 3, 3, 4, 2],
          ['.', '.', '/', '-'],
        ];
  let start = 0;
  const groups = sizes.map((size) => digits.slice(start, (start += size))).filter((group) => group !== '');
  return groups.map((group, index) => (index === 0 ? group : `${marks[index - 1] ?? ''}${group}`)).join('');
}

/** Writes a phone as `(11) 98888-7777`. A country code `+55` is taken off. */
export function groupedPhone(text: string): string {
  const all = digitsOf(text);
  const digits = (all.length > 11 && all.startsWith('55') ? all.slice(2) : all).slice(0, 11);
  if (digits.length <= 2) return digits;
  const rest = digits.slice(2);
  const split = rest.length > 8 ? 5 : 4;
  return `(${digits.slice(0, 2)}) ${rest.length > split ? `${rest.slice(0, split)}-${rest.slice(split)}` : rest}`;
}
