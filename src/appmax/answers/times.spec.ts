import { dueDateOfLine, readDueDate, readTime } from './times';

describe('readTime', () => {
  it.each([
    ['2026-11-27 10:30:00', '2026-11-27T13:30:00.000Z'],
    ['2026-11-27T10:30:00', '2026-11-27T13:30:00.000Z'],
    ['2026-11-27T10:30:00Z', '2026-11-27T10:30:00.000Z'],
    ['2026-11-27T10:30:00-03:00', '2026-11-27T13:30:00.000Z'],
    ['2026-11-27T10:30:00.123+0200', '2026-11-27T08:30:00.000Z'],
    ['2026-11-27 10:30', '2026-11-27T13:30:00.000Z'],
    ['27/11/2026 10:30:00', '2026-11-27T13:30:00.000Z'],
    ['07/01/2020 17h03', '2020-01-07T20:03:00.000Z'],
    [' 2026-03-24 ', '2026-03-24T03:00:00.000Z'],
    ['15/07/2026', '2026-07-15T03:00:00.000Z'],
  ])('the time %j is read', (text, expected) => {
    expect(readTime(text)?.toISOString()).toBe(expected);
  });

  it('a date without a time can be read as the end of its day', () => {
    expect(readTime('2026-03-24', 'end')?.toISOString()).toBe('2026-03-25T02:59:59.000Z');
  });

  it.each([undefined, null, '', 'tomorrow', '2026-02-31', '2026-13-01', '24-03-2026', 1_790_000_000, {}])(
    'no time is read from %j',
    (value) => {
      expect(readTime(value)).toBeUndefined();
    },
  );

  it.each(['2026-03-24 24:00:00', '2026-03-24 10:60', '24/03/2026 10:00:60'])(
    'no time is read from %s, whose time of day is invalid',
    (value) => {
      expect(readTime(value)).toBeUndefined();
    },
  );
});

describe('readDueDate', () => {
  it.each([
    ['2026-03-24', '2026-03-25T02:59:59.000Z'],
    ['2026-03-24 00:00:00', '2026-03-25T02:59:59.000Z'],
    ['2026-03-24T00:00:00.000000Z', '2026-03-25T02:59:59.000Z'],
    ['24/03/2026 00:00', '2026-03-25T02:59:59.000Z'],
    ['2026-03-24 23:59:59', '2026-03-25T02:59:59.000Z'],
    ['2026-03-24 20:00:00', '2026-03-24T23:00:00.000Z'],
  ])('the due date %s is read as %s: midnight means no time of day', (value, instant) => {
    expect(readDueDate(value)?.toISOString()).toBe(instant);
  });
});

describe('dueDateOfLine', () => {
  const lineOf = (factor: string): string => `34191.79001 01043.510047 91020.150008 1 ${factor}0000015990`;

  it.each([
    ['1643', '2026-11-27'],
    ['1646', '2026-11-30'],
  ])('the due date factor %s is read as %s', (factor, date) => {
    const now = new Date('2026-11-27T12:00:00Z');
    expect(dueDateOfLine(lineOf(factor), now)?.toISOString().slice(0, 10)).toBe(nextDay(date));
  });

  it('a factor from before 2025 is counted from the first base date', () => {
    const due = dueDateOfLine(lineOf('9990'), new Date('2025-02-10T12:00:00Z'));
    expect(due?.toISOString()).toBe('2025-02-13T02:59:59.000Z');
  });

  it.each(['0000', '8434'])('no due date is read from the factor %s', (factor) => {
    expect(dueDateOfLine(lineOf(factor), new Date('2026-11-27T12:00:00Z'))).toBeUndefined();
  });

  it('no due date is read from an invalid line', () => {
    expect(dueDateOfLine('34191', new Date())).toBeUndefined();
    expect(dueDateOfLine(undefined, new Date())).toBeUndefined();
  });
});

function nextDay(date: string): string {
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
}
