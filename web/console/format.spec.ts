import { centsOf, dateTime, percent, startOfDay } from './format';

describe('the formats of the console', () => {
  it.each([
    ['1.234,56', 123_456],
    ['1,234.56', 123_456],
    ['1234.5', 123_450],
    ['R$ 12', 1_200],
    ['1.234', 123_400],
    ['0,99', 99],
    ['', undefined],
    ['12,345,6', undefined],
    ['abc', undefined],
    ['-1', undefined],
  ])('the amount %j is %j cents', (text, cents) => {
    expect(centsOf(text)).toBe(cents);
  });

  it('an instant is written in the time of Brazil', () => {
    expect(dateTime('2026-01-31T02:05:09.000Z', 'pt-BR')).toBe('30/01/2026, 23:05:09');
    expect(dateTime(null, 'pt-BR')).toBe('—');
  });

  it('a day begins at midnight in Brazil', () => {
    expect(startOfDay('2026-01-31')).toBe('2026-01-31T03:00:00.000Z');
    expect(startOfDay('2026-01-31', 1)).toBe('2026-02-01T03:00:00.000Z');
    expect([startOfDay('31/01/2026'), startOfDay(undefined), startOfDay('2026-99-99')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('a part of nothing is a dash', () => {
    expect([percent(1, 8, 'pt-BR'), percent(0, 0, 'pt-BR')]).toEqual(['12,5%', '—']);
  });
});
