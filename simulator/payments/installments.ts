import { z } from 'zod';

/** The body of `POST /v1/payments/installments`. Money in cents. */
export const installmentsSchema = z.object({
  installments: z.number().int().min(1).max(12),
  total_value: z.number().int().positive(),
  settings: z.boolean().optional(),
});

/**
 * Returns the total of a purchase for a number of installments, in cents.
 * @param feePercent percentage that each installment after the first adds
 */
export function installmentTotal(totalValue: number, installments: number, feePercent: number): number {
  return Math.round(totalValue * (1 + (feePercent * (installments - 1)) / 100));
}

/** The total for one number of installments. */
export interface InstallmentPlan {
  readonly installments: number;
  /** Cents. */
  readonly total: number;
}

/** Returns the plans for 1 to `most` installments. */
export function installmentPlans(totalValue: number, most: number, feePercent: number): InstallmentPlan[] {
  return Array.from({ length: most }, (_, index) => ({
    installments: index + 1,
    total: installmentTotal(totalValue, index + 1, feePercent),
  }));
}
