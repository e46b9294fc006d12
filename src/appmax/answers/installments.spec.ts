import fc from 'fast-check';
import docs from '../../../test/fixtures/samples/api-installments-docs.json';
import observed from '../../../test/fixtures/samples/api-installments-sandbox-observed.json';
import { read } from './answer';
import { type InstallmentPlan, installmentsAnswer } from './installments';

const plansOf = (answer: unknown, totalCents: number, installments = 12): InstallmentPlan[] =>
  read('installments', installmentsAnswer({ totalCents, installments }), answer);

const parcels = (entries: Readonly<Record<string, unknown>>): unknown => ({ data: { parcels: entries } });

describe('installmentsAnswer', () => {
  it('api-installments-docs.json: totals in cents', () => {
    expect(plansOf(docs, 10_000)).toEqual([
      { count: 1, installmentCents: 10_000, total: 10_000 },
      { count: 2, installmentCents: 5_100, total: 10_200 },
      { count: 3, installmentCents: 3_468, total: 10_404 },
      { count: 10, installmentCents: 1_160, total: 11_600 },
    ]);
  });

  it('api-installments-sandbox-observed.json: totals in reais become cents', () => {
    const plans = plansOf(observed, 20_000);
    expect(plans).toHaveLength(12);
    expect(plans[0]).toEqual({ count: 1, installmentCents: 20_000, total: 20_000 });
    expect(plans[1]).toEqual({ count: 2, installmentCents: 10_398, total: 20_796 });
    expect(plans[11]).toEqual({ count: 12, installmentCents: 2_065, total: 24_776 });
  });

  it.each<[string, unknown, number, [number, number][]]>([
    [
      'the value of one installment in cents',
      parcels({ '1': 10000.0, '2': 5050.0, '3': 3400.0 }),
      10_000,
      [
        [10_000, 10_000],
        [5_050, 10_100],
        [3_400, 10_200],
      ],
    ],
    [
      'the value of one installment in reais',
      parcels({ '1': 100, '2': 50.5, '3': 34 }),
      10_000,
      [
        [10_000, 10_000],
        [5_050, 10_100],
        [3_400, 10_200],
      ],
    ],
    [
      'totals in cents',
      parcels({ '1': 10_000, '2': 10_100 }),
      10_000,
      [
        [10_000, 10_000],
        [5_050, 10_100],
      ],
    ],
    ['one number of installments, in reais', parcels({ '1': 100.0 }), 10_000, [[10_000, 10_000]]],
    ['one number of installments, in cents', parcels({ '1': 10_000 }), 10_000, [[10_000, 10_000]]],
    [
      'totals in reais without interest, rounded by installment',
      parcels({ '1': 100, '3': 99.99 }),
      10_000,
      [
        [10_000, 10_000],
        [3_333, 9_999],
      ],
    ],
    [
      'totals in reais as texts with a decimal comma',
      parcels({ '1': '1.200,00', '2': 'R$ 1.247,76' }),
      120_000,
      [
        [120_000, 120_000],
        [62_388, 124_776],
      ],
    ],
    ['no entry for one installment', parcels({ '12': 247.76 }), 20_000, [[2_065, 24_776]]],
    [
      'a total of one cent in reais',
      parcels({ '1': 0.01, '2': 0.01 }),
      1,
      [
        [1, 1],
        [1, 1],
      ],
    ],
  ])('%s are told apart', (_, answer, totalCents, expected) => {
    const plans = plansOf(answer, totalCents);
    expect(plans.map(({ installmentCents, total }) => [installmentCents, total])).toEqual(expected);
  });

  it('plans beyond the number that was asked for are left out', () => {
    expect(plansOf(observed, 20_000, 3).map(({ count }) => count)).toEqual([1, 2, 3]);
  });

  it('any total with up to 60 % of interest is read the same in all forms', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 500, max: 20_000_000 }),
        fc.integer({ min: 1, max: 12 }),
        fc.float({ min: 0, max: Math.fround(0.05), noNaN: true }),
        (totalCents, installments, feePerInstallment) => {
          const counts = Array.from({ length: installments }, (_, index) => index + 1);
          const totals = counts.map((count) =>
            Math.round(totalCents * (1 + feePerInstallment * (count - 1))),
          );
          const entries = <Value>(value: (total: number, count: number) => Value): Record<string, Value> =>
            Object.fromEntries(
              counts.map((count, index) => [String(count), value(totals[index] ?? 0, count)]),
            );
          const forms = [
            { data: { installments: entries((total) => ({ total })) } },
            parcels(entries((total) => total / 100)),
            parcels(entries((total, count) => total / count)),
          ];
          for (const form of forms)
            expect(plansOf(form, totalCents, 12).map(({ total }) => total)).toEqual(totals);
        },
      ),
    );
  });
});
