import { z } from 'zod';
import { answerOf } from './answer';

/** What paying in so many parcels costs; both amounts in whole cents. */
export interface InstallmentPlan {
  readonly count: number;
  readonly parcel: number;
  readonly total: number;
}

const cents = z.coerce.number().nonnegative();
const count = z.string().regex(/^[1-9]\d?$/);

/**
 * Plans by their number of parcels, ascending. The older form gives the value of one parcel (with fractions of a
 * cent), the newer one the total; what is missing is reckoned from what is there before anything is rounded, so that
 * both are right: 10000 in three are parcels of 3333, and still 10000 in all.
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
        parcel: Math.round(total / number),
        total: Math.round(total),
      }))
      .sort((one, other) => one.count - other.count);
  });
