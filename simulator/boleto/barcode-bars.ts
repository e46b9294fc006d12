/** One stripe of a barcode: black or white, wide or narrow. */
export interface Stripe {
  readonly bar: boolean;
  readonly wide: boolean;
}

/** The five stripes of each digit in Interleaved 2 of 5: 0 is narrow, 1 is wide. */
const patterns = ['00110', '10001', '01001', '11000', '00101', '10100', '01100', '00011', '10010', '01010'];

function stripes(widths: string): Stripe[] {
  return [...widths].map((width, index) => ({ bar: index % 2 === 0, wide: width === '1' }));
}

/**
 * Returns the stripes of a boleto's barcode (Interleaved 2 of 5), from left to right.
 * @param code an even number of digits
 */
export function barcodeBars(code: string): Stripe[] {
  const result = stripes('0000');
  for (let index = 0; index < code.length; index += 2) {
    const bars = patterns[Number(code[index])] ?? '';
    const spaces = patterns[Number(code[index + 1])] ?? '';
    result.push(...stripes([...bars].map((bar, at) => bar + (spaces[at] ?? '')).join('')));
  }
  return [...result, ...stripes('100')];
}
