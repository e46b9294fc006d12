import type { PaymentMethod } from '../../../appmax';

/** What an operation does at Appmax. */
export const OPERATION_KINDS = ['order', 'credit_card', 'pix', 'boleto', 'upsell', 'refund'] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/**
 * Groups kinds by what a lost answer costs: a charge may have taken money, a refund may have given some back, a code was
 * seen by no shopper, an unpaid order harms no shopper.
 */
export type OperationClass = 'charge' | 'code' | 'refund' | 'order';

export const CLASS_OF_KIND: Readonly<Record<OperationKind, OperationClass>> = {
  order: 'order',
  credit_card: 'charge',
  pix: 'code',
  boleto: 'code',
  upsell: 'charge',
  refund: 'refund',
};

/**
 * The states of an operation.
 *
 * - `prepared`: written down; nothing was sent.
 * - `sent`: its request has left, or is about to.
 * - `unknown`: its request was sent and its outcome is not known.
 * - `done`: a charge was made, a code or an order exists, a refund was accepted.
 * - `confirmed`: a refund that Appmax shows as given back.
 * - `declined`: the card was refused; nothing was charged.
 * - `refused`: Appmax said no to the request; it had no effect.
 * - `not_sent`: nothing was sent.
 * - `not_done`: it was sent, and evidence or a person says that it had no effect.
 * - `denied`: a refund that Appmax accepted and later refused.
 */
export const OPERATION_STATES = [
  'prepared',
  'sent',
  'unknown',
  'done',
  'confirmed',
  'declined',
  'refused',
  'not_sent',
  'not_done',
  'denied',
] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

/** The states in which an operation keeps others of its sale (or of its order's refunds) back. */
export const OPEN_STATES = ['prepared', 'sent', 'unknown'] as const satisfies readonly OperationState[];

/** What Appmax says of an order at one moment. Nothing in it is personal. Amounts in cents. */
export interface OrderReading {
  readonly status: string;
  readonly method: PaymentMethod | null;
  readonly totalPaidCents: number | null;
  /** What one payment of the order takes, its installment fee included; null where Appmax does not tell amounts. */
  readonly dueCents: number | null;
  readonly paidAt: string | null;
  readonly updatedAt: string | null;
  readonly refundedAt: string | null;
  /** When Appmax was asked, by the database's clock, as ISO 8601; null for an order that was just made. */
  readonly readAt: string | null;
}

/**
 * The time since an operation was sent, as of the moment at which a reading was asked for (or of now, without one).
 *
 * - `before`: the reading was asked for before the operation was sent, and says nothing of it.
 * - `running`: within the call's own time limit.
 * - `settling`: within the settle time after that.
 * - `over`: later; what has not shown up by now counts as not made.
 */
export type Phase = 'before' | 'running' | 'settling' | 'over';

/** An operation, as the rules see it. */
export interface Operation {
  readonly id: number;
  readonly kind: OperationKind;
  readonly state: OperationState;
  /** The Idempotency-Key (or the identical body) that it belongs to. */
  readonly keyId: number | null;
  readonly leaseToken: string | null;
  readonly leaseOver: boolean;
  readonly phase: Phase;
  readonly amountCents: number | null;
  /** What Appmax said of the order before the operation was sent; null where it was not asked. */
  readonly baseline: OrderReading | null;
  /** The reading that the operation was last judged by. */
  readonly evidence: OrderReading | null;
  readonly failure: string | null;
  /** Whether a code can still be paid, by its own expiry; `untold` where Appmax named none and it is not new. */
  readonly code: 'none' | 'open' | 'expired' | 'untold';
  /** Whether Appmax has called this success refused since. */
  readonly superseded: boolean;
}

/** What may be charged at most once: an order with all its operations. */
export interface Sale {
  /** The status in our row. */
  readonly orderStatus: string;
  readonly totalCents: number;
  /** Oldest first. */
  readonly operations: readonly Operation[];
}
