import { isFaultOfEvent } from './event-store';

describe('isFaultOfEvent', () => {
  const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

  it.each(['22P02', '22001', '23514', '54001', 'P0001', '40P01', '40001'])(
    'a statement that failed with %s was undone, also if TypeORM reports it',
    (code) => {
      expect(isFaultOfEvent(withCode(code))).toBe(true);
      expect(isFaultOfEvent(Object.assign(new Error('x'), { driverError: withCode(code) }))).toBe(true);
    },
  );

  it.each([
    ['a timeout', withCode('57014')],
    ['a server that shuts down', withCode('57P01')],
    ['a lost connection', withCode('ECONNRESET')],
    ['a missing table', withCode('42P01')],
    ['an error without a code', new Error('Connection terminated unexpectedly')],
    ['nothing', undefined],
  ])('%s is not the fault of an event', (_, error) => {
    expect(isFaultOfEvent(error)).toBe(false);
  });
});
