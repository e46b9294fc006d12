import { readableCents, reais } from './money';
import { endOfDay, wireDate, wireTime } from './wire-time';

describe('wire times', () => {
  const instant = Date.parse('2026-03-10T01:02:03.999Z');

  it('a wire time has no zone and is converted to the zone asked for', () => {
    expect(wireTime(instant, 0)).toBe('2026-03-10 01:02:03');
    expect(wireTime(instant, -3)).toBe('2026-03-09 22:02:03');
    expect(wireDate(instant, -3)).toBe('2026-03-09');
  });

  it('endOfDay returns the last second of a day in its zone', () => {
    expect(new Date(endOfDay('2026-03-09', -3)).toISOString()).toBe('2026-03-10T02:59:59.000Z');
  });
});

describe('money', () => {
  it('money is converted to reais and formatted as Brazilian text', () => {
    expect(reais(16_490)).toBe(164.9);
    expect(readableCents(16_490)).toBe('R$ 164,90');
    expect(readableCents(123_456_789)).toBe('R$ 1.234.567,89');
    expect(readableCents(-5)).toBe('-R$ 0,05');
  });
});
