import type { RefundScenario } from './refund-model';

const BASE = {
  crashes: 0,
  lags: 0,
  slowReads: 0,
  isClosedOutside: false,
  isReviewedLater: false,
  reportsAmounts: true,
} as const;

/** The scenarios of refunds. */
export const REFUND_SCENARIOS = {
  'two full refunds': { ...BASE, amounts: [100, 100] },
  'two full refunds, lagging reads': { ...BASE, amounts: [100, 100], lags: 1 },
  'a full refund, reviewed later, slow reads': {
    ...BASE,
    amounts: [100],
    slowReads: 1,
    isReviewedLater: true,
  },
  'a full refund beside a chargeback': { ...BASE, amounts: [100], isClosedOutside: true },
  'two partial refunds': { ...BASE, amounts: [60, 40] },
  'two partial refunds above the total, lagging reads': { ...BASE, amounts: [60, 60], lags: 1 },
  'a partial refund, amounts not reported': { ...BASE, amounts: [60], reportsAmounts: false },
  'a partial and a full refund, a crash': { ...BASE, amounts: [30, 100], crashes: 1 },
  'a partial refund beside a chargeback': {
    ...BASE,
    amounts: [30],
    crashes: 1,
    lags: 1,
    isClosedOutside: true,
  },
} satisfies Readonly<Record<string, RefundScenario>>;
