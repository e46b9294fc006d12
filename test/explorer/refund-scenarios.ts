import type { RefundScenario } from './refund-model';

const BASE = {
  crashes: 0,
  lags: 0,
  slowReads: 0,
  isClosedOutside: false,
  isReviewedLater: false,
  tellsAmounts: true,
} as const;

/** The searches of refunds. */
export const REFUND_SCENARIOS = {
  'all of it twice': { ...BASE, amounts: [100, 100] },
  'all of it twice, lagging reads': { ...BASE, amounts: [100, 100], lags: 1 },
  'all of it, reviewed later, slow reads': { ...BASE, amounts: [100], slowReads: 1, isReviewedLater: true },
  'all of it beside a chargeback': { ...BASE, amounts: [100], isClosedOutside: true },
  'two parts': { ...BASE, amounts: [60, 40] },
  'two parts above the total, lagging reads': { ...BASE, amounts: [60, 60], lags: 1 },
  'a part, amounts not told': { ...BASE, amounts: [60], tellsAmounts: false },
  'a part and the total, a crash': { ...BASE, amounts: [30, 100], crashes: 1 },
  'a part beside a chargeback': { ...BASE, amounts: [30], crashes: 1, lags: 1, isClosedOutside: true },
} satisfies Readonly<Record<string, RefundScenario>>;
