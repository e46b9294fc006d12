import {
  dailyLimits,
  longestWait,
  type PlannedRead,
  PURPOSES,
  reasonOf,
  RESERVED_SHARE,
  type SyncReason,
} from './sync-reasons';

const read = (reason: SyncReason, fields: Partial<PlannedRead> = {}): PlannedRead => ({
  reason,
  mayBePaid: true,
  webhookReads: 0,
  ...fields,
});

describe('the limits of background reads', () => {
  it.each([0, 1, 31, 1_000, 50_000, 100_000])(
    'the days of a month never have more than %d reads, and the reserves fit into a day',
    (perMonth) => {
      const { total, reserved } = dailyLimits(read('admin'), perMonth);
      expect(total * 31).toBeLessThanOrEqual(perMonth);
      expect(PURPOSES.reduce((sum, each) => sum + reserved[each], 0)).toBeLessThanOrEqual(total);
    },
  );

  it('each purpose has a reserve', () => {
    const { total, reserved } = dailyLimits(read('admin'), 50_000);
    expect([total, reserved]).toEqual([1_612, { webhook: 322, sync: 644, operator: 161 }]);
    for (const purpose of PURPOSES) expect(RESERVED_SHARE[purpose]).toBeGreaterThan(0);
  });

  it.each<[string, PlannedRead, number]>([
    ['the first reads of an order that may be paid', read('webhook', { webhookReads: 2 }), 1_612],
    ['its later reads', read('retry', { webhookReads: 3 }), 403],
    ['its last read of a day', read('repeat', { webhookReads: 7 }), 403],
    ['another one on that day', read('webhook', { webhookReads: 8 }), 0],
    ['the reads of orders without a payment attempt', read('webhook', { mayBePaid: false }), 242],
    ['the reads of unknown orders', read('adoption'), 242],
    ['the reads of the schedule', read('reconcile', { webhookReads: 8 }), 1_612],
    ['the reads of an operator', read('admin', { webhookReads: 8, mayBePaid: false }), 1_612],
    ['the reads of the command', read('command'), 565],
  ])('%s have their ceiling', (_, planned, expected) => {
    expect(dailyLimits(planned, 50_000).ceiling).toBe(expected);
  });

  it('reads of webhooks wait for the rate only if they are the first attempt', () => {
    for (const reason of ['retry', 'repeat', 'adoption'] as const)
      expect(longestWait(reason)).toBeLessThan(longestWait('webhook'));
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
