import { statusOf } from '../events/event-catalogue';
import type { Outcome } from '../events/event-outcome';
import { confirms } from '../process/event-verdict';

/**
 * Appmax's word on what an event asserts. `confirmed`: the order has that status or a later one at Appmax ·
 * `not_confirmed`: Appmax was read after the event, and does not say so · `not_asked`: Appmax has not answered since the
 * event · `not_needed`: the event asserts no status · `off`: webhooks are not verified (WEBHOOK_VERIFICATION=none).
 */
export const VERIFICATIONS = ['confirmed', 'not_confirmed', 'not_asked', 'not_needed', 'off'] as const;
export type Verification = (typeof VERIFICATIONS)[number];

/** An event, and what is known of its order. */
export interface VerifiedFacts {
  readonly event: string;
  readonly outcome: Outcome;
  /** Null: not known. */
  readonly created_at: Date | null;
  /** Our status of the order, which is Appmax's if webhooks are verified; null: the order is not known. */
  readonly order_status: string | null;
  /** When the last answered read of the order was sent to Appmax; null: never. */
  readonly answered_at: Date | null;
}

/** Returns what Appmax says of an event. @param isVerified true if webhooks are verified at Appmax. */
export function verificationOf(facts: VerifiedFacts, isVerified: boolean): Verification {
  const { event, outcome, created_at: createdAt, order_status: status, answered_at: answeredAt } = facts;
  if (statusOf(event) === undefined) return 'not_needed';
  if (!isVerified) return 'off';
  // Only what Appmax has confirmed is applied. The order may have gone back to an earlier status since.
  if (outcome === 'applied' || (status !== null && confirms(event, status))) return 'confirmed';
  return createdAt !== null && answeredAt !== null && createdAt < answeredAt ? 'not_confirmed' : 'not_asked';
}
