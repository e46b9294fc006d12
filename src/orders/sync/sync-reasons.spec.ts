import { DAILY_SHARE_BY_REASON, dailyReads, longestWait, reasonOf, type SyncReason } from './sync-reasons';

const ALL = Object.keys(DAILY_SHARE_BY_REASON) as SyncReason[];

describe('the reasons for which Appmax is asked', () => {
  it.each(ALL)('the reason %s never brings a month over its share', (reason) => {
    for (const perMonth of [0, 1, 31, 1_000, 50_000, 100_000]) {
      expect(dailyReads(reason, perMonth) * 31).toBeLessThanOrEqual(perMonth);
    }
  });

  it('reasons that anyone can cause leave reads for the other ones', () => {
    const forged: SyncReason[] = ['retry', 'repeat', 'adoption'];
    for (const reason of forged) {
      expect(dailyReads(reason, 50_000)).toBeLessThan(dailyReads('reconcile', 50_000));
      expect(longestWait(reason)).toBeLessThan(longestWait('webhook'));
    }
    expect(dailyReads('webhook', 50_000)).toBe(1_612);
  });

  it.each<[string | null, SyncReason]>([
    ['admin', 'admin'],
    ['repeat', 'repeat'],
    [null, 'reconcile'],
    ['something else', 'reconcile'],
    ['constructor', 'reconcile'],
  ])('the text %j is read as the reason %s', (text, expected) => {
    expect(reasonOf(text)).toBe(expected);
  });
});
