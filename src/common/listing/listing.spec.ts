import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { parseInstant } from './instant';
import {
  CentsFilter,
  DayFilter,
  EnumFilter,
  FlagFilter,
  IdFilter,
  InstantFilter,
  ListQueryDto,
  TextFilter,
} from './list-query.dto';
import { decodeCursor, encodeCursor, isoTime, pageOf, rowsToRead } from './page';

describe('A cursor', () => {
  it.each([1, 42, 2_147_483_648, Number.MAX_SAFE_INTEGER])('the cursor of row %d is decoded to it', (id) => {
    expect(decodeCursor(encodeCursor(id))).toBe(id);
  });

  it.each([
    '',
    '7',
    'i7',
    `${encodeCursor(7)}=`,
    encodeCursor(7).slice(1),
    Buffer.from('i0').toString('base64url'),
    Buffer.from('i9999999999999999').toString('base64url'),
    '\u{1F600}',
  ])('an invalid cursor is not decoded: %j', (cursor) => {
    expect(decodeCursor(cursor)).toBeUndefined();
  });
});

describe('A page', () => {
  const rows = (...ids: number[]): { id: number }[] => ids.map((id) => ({ id }));

  it('a page has the cursor of the next one if more rows follow', () => {
    const request = { limit: 2 };
    expect(rowsToRead(request)).toBe(3);
    expect(pageOf(rows(9, 8, 7), request, ({ id }) => id)).toEqual({
      data: [9, 8],
      next_cursor: encodeCursor(8),
    });
    expect(pageOf(rows(9, 8), request, ({ id }) => id)).toEqual({ data: [9, 8], next_cursor: null });
    expect(pageOf([], request, ({ id }) => id)).toEqual({ data: [], next_cursor: null });
  });

  it('a page has instants in UTC', () => {
    expect(isoTime(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(isoTime(null)).toBeNull();
  });
});

describe('An instant', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T12:30Z', '2026-01-31T12:30:00.000Z'],
    ['2026-01-31T12:30:15-03:00', '2026-01-31T15:30:15.000Z'],
    ['2026-01-31T12:30:15.123456Z', '2026-01-31T12:30:15.123Z'],
  ])('an instant is read from %s', (text, expected) => {
    expect(parseInstant(text)?.toISOString()).toBe(expected);
  });

  it.each([
    '2026',
    '31/01/2026',
    '2026-02-30',
    '2026-13-01',
    '2026-01-31T12:30',
    '2026-01-31T25:00Z',
    'today',
  ])('no instant is read from %s', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

class Query extends ListQueryDto {
  @TextFilter(5, { description: 'A text.' })
  name?: string;

  @EnumFilter(['one', 'two'], { description: 'A word.' })
  word?: string;

  @IdFilter({ description: 'An id.' })
  order_id?: number;

  @FlagFilter({ description: 'A flag.' })
  done?: boolean;

  @InstantFilter({ description: 'An instant.' })
  from?: Date;

  @CentsFilter({ description: 'An amount.' })
  min_cents?: number;

  @DayFilter({ description: 'A day.' })
  day?: string;
}

describe('The query of a list', () => {
  const read = (parameters: Record<string, unknown>): Query => plainToInstance(Query, parameters);
  const faults = (parameters: Record<string, unknown>): string[] =>
    validateSync(read(parameters)).map(({ property }) => property);

  it('the query of a list has a default limit', () => {
    for (const parameters of [{}, { limit: '' }]) {
      expect(read(parameters)).toMatchObject({ limit: 50 });
      expect(faults(parameters)).toEqual([]);
    }
  });

  it('parameters are read from texts, and empty ones are left out', () => {
    const parameters = {
      limit: '200',
      cursor: encodeCursor(7),
      name: 'shop',
      word: 'one',
      order_id: '42',
      done: 'false',
      from: '2026-01-31',
      min_cents: '0',
      day: '2026-01-31',
    };
    expect(read(parameters)).toEqual({
      limit: 200,
      cursor: 7,
      name: 'shop',
      word: 'one',
      order_id: 42,
      done: false,
      from: new Date('2026-01-31'),
      min_cents: 0,
      day: '2026-01-31',
    });
    expect(faults(parameters)).toEqual([]);
    expect(
      faults({ cursor: '', name: '', word: '', order_id: '', done: '', from: '', min_cents: '', day: '' }),
    ).toEqual([]);
  });

  it.each([
    ['limit', '0'],
    ['limit', '201'],
    ['limit', '1.5'],
    ['limit', 'ten'],
    ['cursor', '7'],
    ['cursor', 'nonsense'],
    ['name', 'longer'],
    ['name', 'a\0b'],
    ['word', 'three'],
    ['order_id', '0'],
    ['order_id', '2147483648'],
    ['order_id', '-1'],
    ['done', 'yes'],
    ['from', 'yesterday'],
    ['min_cents', '1,50'],
    ['min_cents', '2147483648'],
    ['day', '2026-02-30'],
    ['day', '0000-01-01'],
    ['day', '2026-01-31T12:00Z'],
  ])('a query is refused if %s is %j', (name, value) => {
    expect(faults({ [name]: value })).toEqual([name]);
  });

  it('a query is refused if a parameter comes twice', () => {
    for (const name of ['limit', 'cursor', 'name', 'word', 'order_id', 'done', 'from', 'min_cents', 'day'])
      expect(faults({ [name]: ['1', '2'] })).toEqual([name]);
  });
});
