import type { AppmaxFailure } from '../../appmax';
import type { Merchant } from '../../installations';
import type { KnownState } from './order-state-listeners';
import type { SyncReason } from './sync-reasons';

/**
 * The result of a sync. `fresh`: Appmax has answered · `recent`: Appmax was not asked, or its answer was not applied,
 * for example because another sync is running or has just ended; `state` is the last answer, if there is one ·
 * `failed`: `problem` has the reason · `unknown`: the order is not in our database, and no merchant was given.
 */
export interface SyncOutcome {
  readonly kind: 'fresh' | 'recent' | 'failed' | 'unknown';
  readonly state?: KnownState | undefined;
  readonly problem?: string;
  /** False if the read failed before it was sent. */
  readonly wasAsked?: boolean;
  /** The earliest useful time of the next sync. */
  readonly retryAt?: Date;
  /** True if the merchant has no read left now: a sync of another of its orders would not ask Appmax either. */
  readonly isMerchantBusy?: boolean;
}

/** The order to sync, and the reason. With a merchant, an unknown order is saved if Appmax has it for that merchant. */
export interface SyncRequest {
  readonly orderId: number;
  readonly reason: SyncReason;
  readonly merchant?: Merchant | undefined;
  /** True to ignore the minimum interval between two syncs. */
  readonly isUrgent?: boolean;
}

const NOT_SENT: readonly AppmaxFailure['kind'][] = ['rate_limited', 'revoked', 'unavailable', 'suspended'];

/** Returns true if a read that failed has reached Appmax. A 429 has not been answered, so it does not count. */
export function wasSent({ kind }: AppmaxFailure): boolean {
  return !NOT_SENT.includes(kind);
}
