import { z } from 'zod';

/** `POST /v1/payments/installments`. Cents. */
export const installmentsSchema = z.object({
  installments: z.number().int().min(1).max(21),
  total_value: z.number().int().positive(),
  settings: z.boolean().optional(),
});

/**
 * What a purchase costs in a number of installments, in cents.
 * @param feePercent what each installment after the first adds
 */
export function installmentTotal(totalValue: number, installments: number, feePercent: number): number {
  return Math.round(totalValue * (1 + (feePercent * (installments - 1)) / 100));
}

/** One of the ways to pay in installments. */
export interface InstallmentPlan {
  readonly installments: number;
  /** Cents altogether. */
  readonly total: number;
}

/** Every way to pay, from one installment to `most`. */
export function installmentPlans(totalValue: number, most: number, feePercent: number): InstallmentPlan[] {
  return Array.from({ length: most }, (_, index) => ({
    installments: index + 1,
    total: installmentTotal(totalValue, index + 1, feePercent),
  }));
}
