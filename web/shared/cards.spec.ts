import { brandOf, groupedExpiry, groupedNumber, isCardNumber, isPast, readExpiry } from './cards';

describe('cards', () => {
  it.each([
    ['4000000000000010', 'Visa'],
    ['5555555555554444', 'Mastercard'],
    ['2221000000000009', 'Mastercard'],
    ['2720990000000000', 'Mastercard'],
    ['378282246310005', 'American Express'],
    ['30569309025904', 'Diners Club'],
    ['6062825624254001', 'Hipercard'],
    ['6362970000457013', 'Elo'],
    ['4011780000000000', 'Elo'],
    ['6011000990139424', 'Discover'],
    ['2720', 'Mastercard'],
    ['2220', undefined],
    ['9', undefined],
  ])('the brand of %s is %s', (number, brand) => {
    expect(brandOf(number)?.name).toBe(brand);
  });

  it.each([
    ['4000 0000 0000 0010', true],
    ['4000 0000 0000 0011', false],
    ['400000000000001', false],
    ['378282246310005', true],
    ['3782822463100050', false],
    ['', false],
  ])('%s is a card number: %s', (number, expected) => {
    expect(isCardNumber(number)).toBe(expected);
  });

  it.each([
    ['4000000000000010', '4000 0000 0000 0010'],
    ['4000-0000 0000', '4000 0000 0000'],
    ['378282246310005', '3782 822463 10005'],
    ['37', '37'],
    ['', ''],
  ])('%s is written as %s', (typed, expected) => {
    expect(groupedNumber(typed)).toBe(expected);
  });

  it.each([
    ['1', '1'],
    ['12', '12'],
    ['123', '12/3'],
    ['1230', '12/30'],
    ['12/2030', '12/30'],
    ['122030', '12/30'],
    ['8/29', '08/29'],
    ['08 / 29', '08/29'],
    ['12/', '12'],
  ])('the expiry %s is written as %s', (typed, expected) => {
    expect(groupedExpiry(typed)).toBe(expected);
  });

  it('a card is valid until the end of the month of its expiry', () => {
    expect(readExpiry('08/29')).toEqual({ month: '08', year: '2029' });
    expect(readExpiry('13/29')).toBeUndefined();
    expect(isPast({ month: '08', year: '2029' }, new Date(2029, 7, 31, 23))).toBe(false);
    expect(isPast({ month: '08', year: '2029' }, new Date(2029, 8, 1))).toBe(true);
  });
});
