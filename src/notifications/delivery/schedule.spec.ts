import { pauseAfter, SCHEDULE_SECONDS } from './schedule';

describe('The schedule of attempts', () => {
  it('a failed notification is repeated after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h, then no more', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(pauseAfter)).toEqual([
      5,
      300,
      1_800,
      7_200,
      18_000,
      36_000,
      50_400,
      72_000,
      86_400,
      undefined,
    ]);
  });

  it('the whole schedule takes more than three days', () => {
    expect(SCHEDULE_SECONDS).toBe(272_105);
  });
});
