/** The purposes of background reads. Each has a share of the daily budget that the others can't use. */
export const PURPOSES = ['webhook', 'sync', 'operator'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** The reasons of a sync, each with its purpose. */
const PURPOSE_BY_REASON = {
  admin: 'operator',
  command: 'operator',
  reconcile: 'sync',
  webhook: 'webhook',
  retry: 'webhook',
  repeat: 'webhook',
  adoption: 'webhook',
} as const satisfies Record<string, Purpose>;

export type SyncReason = keyof typeof PURPOSE_BY_REASON;

/** The share of the daily budget that only this purpose can use. The rest, 30 %, is for any purpose. */
export const RESERVED_SHARE: Readonly<Record<Purpose, number>> = { webhook: 0.2, sync: 0.4, operator: 0.1 };

/** The share of operators up to which the command may read: a single read by an operator is always possible. */
const COMMAND_SHARE = 0.35;

/**
 * Limits of reads that webhooks cause. Anyone can forge a webhook, and make any number of orders without paying them. So
 * the first reads of an order with a payment have no limit but that of the purpose.
 */
const FIRST_READS_OF_ORDER = 3;
const MAXIMUM_READS_OF_ORDER = 8;
const LATER_READS_SHARE = 0.25;
const UNPAID_ORDERS_SHARE = 0.15;

/** The maximum time that a read of a reason waits for the rate limit, in seconds. */
const MAXIMUM_WAIT_SECONDS: Readonly<Partial<Record<SyncReason, number>>> = {
  admin: 4,
  webhook: 4,
  command: 4,
};
const DEFAULT_WAIT_SECONDS = 0.3;

/** A read of an order, before the budget is asked. */
export interface PlannedRead {
  readonly reason: SyncReason;
  /** True if there was an attempt to pay the order, or it was not made here. */
  readonly mayBePaid: boolean;
  /** The reads of this order that webhooks have caused today. */
  readonly webhookReads: number;
}

/** The limits of a read, in reads per day. */
export interface DailyLimits {
  /** The reads of all purposes together. */
  readonly total: number;
  /** The reads that each purpose can have whatever the others use. */
  readonly reserved: Readonly<Record<Purpose, number>>;
  /** The reads of the own purpose up to which this read is allowed. */
  readonly ceiling: number;
}

export function purposeOf(reason: SyncReason): Purpose {
  return PURPOSE_BY_REASON[reason];
}

/** Returns the maximum time to wait for the rate limit, in seconds. Above it, the sync is postponed. */
export function longestWait(reason: SyncReason): number {
  return MAXIMUM_WAIT_SECONDS[reason] ?? DEFAULT_WAIT_SECONDS;
}

/** Parses a reason from the database. One that this version does not know counts as a scheduled sync. */
export function reasonOf(text: string | null): SyncReason {
  return text !== null && Object.hasOwn(PURPOSE_BY_REASON, text) ? (text as SyncReason) : 'reconcile';
}

/** The days of the longest month, so that the monthly budget is never exceeded. */
const DAYS_PER_MONTH = 31;

/** Returns the reads of a day, of all purposes together. @param perMonth the monthly read budget. */
export const readsPerDay = (perMonth: number): number => Math.floor(perMonth / DAYS_PER_MONTH);

/** Returns the limits of a read. @param perMonth the monthly read budget. */
export function dailyLimits(read: PlannedRead, perMonth: number): DailyLimits {
  const total = readsPerDay(perMonth);
  const reserve = (purpose: Purpose): number => Math.floor(total * RESERVED_SHARE[purpose]);
  return {
    total,
    reserved: { webhook: reserve('webhook'), sync: reserve('sync'), operator: reserve('operator') },
    ceiling: Math.ceil(total * ceilingShare(read)),
  };
}

function ceilingShare({ reason, mayBePaid, webhookReads }: PlannedRead): number {
  if (reason === 'command') return COMMAND_SHARE;
  if (purposeOf(reason) !== 'webhook') return 1;
  if (webhookReads >= MAXIMUM_READS_OF_ORDER) return 0;
  if (!mayBePaid || reason === 'adoption') return UNPAID_ORDERS_SHARE;
  return webhookReads < FIRST_READS_OF_ORDER ? 1 : LATER_READS_SHARE;
}
