/**
 * Why Appmax is asked what became of an order, and up to which part of a day's background reads that reason may go.
 * What anyone can provoke by sending webhooks (`retry`, `repeat`, `adoption`) stops first, so that a flood of forged
 * events leaves reads for those that are real.
 */
export const DAILY_SHARE_BY_REASON = {
  admin: 1,
  payment: 1,
  webhook: 1,
  command: 0.9,
  reconcile: 0.8,
  retry: 0.7,
  repeat: 0.6,
  adoption: 0.4,
} as const;

export type SyncReason = keyof typeof DAILY_SHARE_BY_REASON;

/** Reasons for which it is worth waiting for a turn, in seconds; the others come back when they find no free one. */
const WORTH_WAITING: Readonly<Partial<Record<SyncReason, number>>> = {
  admin: 4,
  payment: 4,
  webhook: 4,
  command: 4,
};
const HARDLY = 0.3;

/** How far ahead a turn may be booked, in seconds. */
export function longestWait(reason: SyncReason): number {
  return WORTH_WAITING[reason] ?? HARDLY;
}

/** A reason as the database has it; one that this version does not know counts as a scheduled sync. */
export function reasonOf(text: string | null): SyncReason {
  return text !== null && Object.hasOwn(DAILY_SHARE_BY_REASON, text) ? (text as SyncReason) : 'reconcile';
}

/** The longest month: a share of the month's quota that is divided by it is never exceeded. */
const DAYS = 31;

/** How many background reads of a merchant a reason may bring a day to. @param perMonth the share of the quota. */
export function dailyReads(reason: SyncReason, perMonth: number): number {
  return Math.floor((perMonth / DAYS) * DAILY_SHARE_BY_REASON[reason]);
}
