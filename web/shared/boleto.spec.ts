import { barcodeOf, barsOf } from './boleto';

describe('the barcode of a boleto', () => {
  it('its 44 digits are those of the line, without the three check digits', () => {
    // The example of the Brazilian banks' standard: its digits are in another order in the line.
    const line = '00190.50095 40144.816069 06809.350314 3 37370000000100';
    expect(barcodeOf(line)).toBe('00193373700000001000500940144816060680935031');
  });

  it('a line of another length has no barcode', () => {
    expect(barcodeOf('123')).toBeUndefined();
  });

  it('two digits share five bars and five spaces, between a start and an end', () => {
    const { bars, width } = barsOf('05');
    // Start: 2 narrow bars. 0 is n n w w n in the bars, 5 is w n w n n in the spaces. End: a wide and a narrow bar.
    expect(bars.map((bar) => bar.width)).toEqual([1, 1, 1, 1, 3, 3, 1, 3, 1]);
    expect(bars.map((bar) => bar.x)).toEqual([0, 2, 4, 8, 10, 16, 20, 22, 26]);
    expect(width).toBe(27);
  });
});
