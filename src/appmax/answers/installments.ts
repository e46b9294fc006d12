import { z } from 'zod';
import { answerOf } from './answer';

/** The price of paying in `count` installments: one installment and the total, both in whole cents. */
export interface InstallmentPlan {
  readonly count: number;
  readonly installmentCents: number;
  readonly total: number;
}

const cents = z.coerce.number().nonnegative();
const count = z.string().regex(/^[1-9]\d?$/);

/**
 * The plans, sorted by their number of installments. The older form gives the value of one installment (with fractions
 * of a cent), the newer form gives the total. The missing value is calculated before rounding, so that both are right:
 * 10000 in 3 installments is 3333 each, and the total is still 10000.
 */
export const installmentsAnswer = answerOf({
  parcels: z.record(count, cents).optional(),
  installments: z.record(count, z.object({ total: cents })).optional(),
})
  .refine(({ parcels, installments }) => parcels !== undefined || installments !== undefined)
  .transform(({ parcels = {}, installments }): InstallmentPlan[] => {
    const totals =
      installments === undefined
        ? Object.entries(parcels).map(([key, parcel]) => [Number(key), parcel * Number(key)] as const)
        : Object.entries(installments).map(([key, { total }]) => [Number(key), total] as const);
    return totals
      .map(([number, total]) => ({
        count: number,
        installmentCents: Math.round(total / number),
        total: Math.round(total),
      }))
      .sort((one, other) => one.count - other.count);
  });
