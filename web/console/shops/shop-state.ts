import type { ShopState } from '../../../client/src/generated/types';

export type Step = keyof ShopState['checklist'];

/** The steps until a shop sells, in their order. */
export const STEPS = [
  'credentials_accepted',
  'has_order',
  'has_paid_order',
  'has_recent_webhook',
] as const satisfies readonly Step[];

/** From this part of a quota on, it is nearly used. */
const NEARLY_USED = 0.8;

/** Returns how many steps are done. */
export function stepsDone({ checklist }: Pick<ShopState, 'checklist'>): number {
  return STEPS.filter((step) => checklist[step]).length;
}

/** Returns the state of a quota. A limit of 0 is used up. */
export function kindOfQuota(used: number, limit: number): 'good' | 'wait' | 'bad' {
  if (used >= limit) return 'bad';
  return used >= limit * NEARLY_USED ? 'wait' : 'good';
}

type Quotas = Pick<
  ShopState,
  'reads_today' | 'reads_per_day' | 'storefront_calls_today' | 'storefront_calls_per_day'
>;

/** Returns the quota of which the greater part is used. */
export function tightestQuota(shop: Quotas): { readonly used: number; readonly limit: number } {
  const reads = { used: shop.reads_today, limit: shop.reads_per_day };
  const calls = { used: shop.storefront_calls_today, limit: shop.storefront_calls_per_day };
  return reads.used * calls.limit >= calls.used * reads.limit ? reads : calls;
}
