/**
 * The reasons of a sync, each with the share of the daily read budget up to which it is allowed. Anyone can cause
 * `retry`, `repeat` and `adoption` with forged webhooks, so their shares are the smallest: the rest is for real events.
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

/** The maximum time that a read of a reason waits for the rate limit, in seconds. */
const MAXIMUM_WAIT_SECONDS: Readonly<Partial<Record<SyncReason, number>>> = {
  admin: 4,
  payment: 4,
  webhook: 4,
  command: 4,
};
const DEFAULT_WAIT_SECONDS = 0.3;

/** Returns the maximum time to wait for the rate limit, in seconds. Above it, the sync is postponed. */
export function longestWait(reason: SyncReason): number {
  return MAXIMUM_WAIT_SECONDS[reason] ?? DEFAULT_WAIT_SECONDS;
}

/** Parses a reason from the database. One that this version does not know counts as a scheduled sync. */
export function reasonOf(text: string | null): SyncReason {
  return text !== null && Object.hasOwn(DAILY_SHARE_BY_REASON, text) ? (text as SyncReason) : 'reconcile';
}

/** The days of the longest month, so that the monthly budget is never exceeded. */
const DAYS_PER_MONTH = 31;

/** Returns the number of reads of a day up to which a reason is allowed. @param perMonth the monthly read budget. */
export function dailyReads(reason: SyncReason, perMonth: number): number {
  return Math.floor((perMonth / DAYS_PER_MONTH) * DAILY_SHARE_BY_REASON[reason]);
}
