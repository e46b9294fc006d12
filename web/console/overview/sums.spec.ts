import type { DaySums } from '../../../client/src/generated/types';
import { allDays, sumsBy } from './sums';

const day = (name: string, method: DaySums['payment_method'], paid: number): DaySums => ({
  day: name,
  payment_method: method,
  orders: paid + 1,
  orders_cents: 0,
  paid,
  paid_cents: paid * 100,
  refunds: 0,
  refunded_cents: 0,
  declines: 1,
});

describe('the sums of the overview', () => {
  it('they are added up by day and by method', () => {
    const days = [day('2026-01-01', 'pix', 2), day('2026-01-01', 'boleto', 1), day('2026-01-02', 'pix', 4)];
    expect(sumsBy(days, ({ day: each }) => each).get('2026-01-01')).toMatchObject({
      paid: 3,
      paid_cents: 300,
      orders: 5,
      declines: 2,
    });
    expect(sumsBy(days, ({ payment_method: each }) => each).get('pix')).toMatchObject({ paid: 6 });
  });

  it('a range has each of its days, across the end of a month', () => {
    expect(allDays('2026-02-27', '2026-03-02')).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
      '2026-03-02',
    ]);
  });
});
