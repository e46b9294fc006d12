import { z } from 'zod';
import { answerOf } from './answer';

/** The price of paying in `count` installments: one installment and the total, both in whole cents. */
export interface InstallmentPlan {
  readonly count: number;
  readonly installmentCents: number;
  readonly total: number;
}

/** The largest number of installments that Appmax sells. */
export const MAXIMUM_INSTALLMENTS = 12;

/** An amount as a number, or as a text with a decimal point or a decimal comma. */
const amount = z.preprocess(
  (value) => (typeof value === 'string' ? decimalOf(value) : value),
  z.number().positive(),
);
const count = z.string().regex(/^[1-9]\d?$/);

/** A number of installments, and the amount that Appmax gives for it. */
type Entry = readonly [count: number, amount: number];

/** The ways in which Appmax writes `parcels`, as the total in cents of one entry. */
const READINGS: readonly ((entry: Entry) => number)[] = [
  ([, value]) => value,
  ([, value]) => value * 100,
  ([number, value]) => value * number,
  ([number, value]) => value * number * 100,
];

/**
 * Creates the schema of the plans for a total, sorted by their number of installments.
 *
 * Appmax has three answers: totals in cents (`installments`), and under `parcels` either totals in reais or the value
 * of one installment in cents. The unit of `parcels` is not in the answer. Interest changes a total by far less than
 * a factor of 100, or of the number of installments, so the reading counts whose totals are closest to the total that
 * was asked for. The value of one installment is rounded, the total is not calculated from it: 10000 in 3 installments
 * is 3333 each, and the total is still 10000.
 *
 * @param request the total in cents, and the largest number of installments to list.
 */
export function installmentsAnswer(request: {
  totalCents: number;
  installments: number;
}): z.ZodType<InstallmentPlan[]> {
  return answerOf({
    parcels: z.record(count, amount).optional(),
    installments: z.record(count, z.object({ total: amount })).optional(),
  })
    .refine(({ parcels, installments }) => parcels !== undefined || installments !== undefined)
    .transform(({ parcels, installments }): InstallmentPlan[] => {
      const totals =
        installments === undefined
          ? totalsOf(Object.entries(parcels ?? {}).map(toEntry), request.totalCents)
          : Object.entries(installments).map(([key, { total }]): Entry => [Number(key), total]);
      return totals
        .filter(([number]) => number <= request.installments)
        .map(([number, total]) => ({
          count: number,
          installmentCents: Math.round(total / number),
          total: Math.round(total),
        }))
        .sort((one, other) => one.count - other.count);
    });
}

function toEntry([key, value]: [string, number]): Entry {
  return [Number(key), value];
}

/** Returns the totals in cents of the reading that is closest to the total that was asked for. */
function totalsOf(entries: readonly Entry[], totalCents: number): Entry[] {
  const distance = (reading: (entry: Entry) => number): number =>
    entries.reduce((sum, entry) => sum + Math.abs(Math.log(reading(entry) / totalCents)), 0);
  const best = READINGS.reduce((one, other) => (distance(other) < distance(one) ? other : one));
  return entries.map((entry) => [entry[0], best(entry)]);
}

/** Parses `207.96`, `207,96` or `1.207,96`; anything else is returned unchanged. */
function decimalOf(text: string): unknown {
  const plain = text.trim().replace(/^R\$\s*/, '');
  if (/^\d+(\.\d+)?$/.test(plain)) return Number(plain);
  if (/^(\d+|\d{1,3}(\.\d{3})+),\d+$/.test(plain)) return Number(plain.replaceAll('.', '').replace(',', '.'));
  return text;
}
