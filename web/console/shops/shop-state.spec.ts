import { kindOfQuota, stepsDone, tightestQuota } from './shop-state';

describe('The state of a shop', () => {
  it.each([
    [0, 100, 'good'],
    [79, 100, 'good'],
    [80, 100, 'wait'],
    [99, 100, 'wait'],
    [100, 100, 'bad'],
    [0, 0, 'bad'],
  ] as const)('a quota with %i of %i used is %s', (used, limit, kind) => {
    expect(kindOfQuota(used, limit)).toBe(kind);
  });

  it.each([
    [10, 100, 5, 10, { used: 5, limit: 10 }],
    [60, 100, 5, 10, { used: 60, limit: 100 }],
    [0, 100, 0, 10, { used: 0, limit: 100 }],
  ])(
    'of %i/%i reads and %i/%i calls the tightest is shown',
    (reads, readLimit, calls, callLimit, tightest) => {
      const quotas = {
        reads_today: reads,
        reads_per_day: readLimit,
        storefront_calls_today: calls,
        storefront_calls_per_day: callLimit,
      };
      expect(tightestQuota(quotas)).toEqual(tightest);
    },
  );

  it('the steps that are done are counted', () => {
    const checklist = {
      credentials_accepted: true,
      has_order: true,
      has_paid_order: false,
      has_recent_webhook: false,
    };
    expect(stepsDone({ checklist })).toBe(2);
  });
});
