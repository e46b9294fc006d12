import { digitsOf } from './format';

/** The widths of the five bars or spaces of each digit, interleaved two of five: `w` is wide. */
const PATTERNS = ['nnwwn', 'wnnnw', 'nwnnw', 'wwnnn', 'nnwnw', 'wnwnn', 'nwwnn', 'nnnww', 'wnnwn', 'nwnwn'];
const WIDE = 3;

/**
 * Returns the 44 digits of the barcode of a boleto.
 * @param line the 47 digits of the line, with or without its mask
 * @returns undefined if it is no such line
 */
export function barcodeOf(line: string): string | undefined {
  const digits = digitsOf(line);
  if (digits.length !== 47) return undefined;
  const [bank, amount] = [digits.slice(0, 4), digits.slice(33)];
  return `${bank}${digits[32] ?? ''}${amount}${digits.slice(4, 9)}${digits.slice(10, 20)}${digits.slice(21, 31)}`;
}

/** A dark bar, in units of the narrow width. */
export interface Bar {
  readonly x: number;
  readonly width: number;
}

/** Returns the bars of an even number of digits, and their whole width. */
export function barsOf(digits: string): { readonly bars: readonly Bar[]; readonly width: number } {
  let widths = 'nnnn';
  for (let index = 0; index < digits.length; index += 2) {
    const [dark, light] = [PATTERNS[Number(digits[index])] ?? '', PATTERNS[Number(digits[index + 1])] ?? ''];
    for (let each = 0; each < 5; each += 1) widths += `${dark[each] ?? ''}${light[each] ?? ''}`;
  }
  widths += 'wnn';
  const bars: Bar[] = [];
  let x = 0;
  [...widths].forEach((size, index) => {
    const width = size === 'w' ? WIDE : 1;
    if (index % 2 === 0) bars.push({ x, width });
    x += width;
  });
  return { bars, width: x };
}
