import { type InstallmentPlan } from '../payments/installments';
import { type InstallmentsForm, type Settings } from '../settings/settings';

/**
 * Returns the `data` of the answer with the installment plans, in one of Appmax's three forms. The form with totals in
 * reais was seen in Appmax's sandbox; the other two are in its documentation and in its Go example.
 */
export function installmentsData(
  form: InstallmentsForm,
  plans: readonly InstallmentPlan[],
  settings: Settings,
): unknown {
  const byCount = <Value>(value: (plan: InstallmentPlan) => Value): Record<string, Value> =>
    Object.fromEntries(plans.map((plan) => [String(plan.installments), value(plan)]));
  const fee = settings.installment_fee_percent;
  switch (form) {
    case 'totals_cents':
      return {
        installments: byCount(({ total }) => ({ total })),
        settings: { modality: 'PP', max_installments: plans.length, installment_fee_percent: fee },
      };
    case 'totals_reais':
      return {
        parcels: byCount(({ total }) => total / 100),
        settings: { type: 'PP', settings: byCount(({ installments }) => fee * (installments - 1)) },
      };
    case 'parcels_cents':
      return { parcels: byCount(({ total, installments }) => rounded(total / installments)) };
  }
}

/** Rounds to hundredths of a cent, as Appmax's Go example shows them. */
function rounded(cents: number): number {
  return Math.round(cents * 100) / 100;
}
