import { PAYMENT_METHODS, type PaymentMethod } from '../../../appmax';

/** The kinds of operations: each payment method is one. */
export const OPERATION_KINDS = ['order', ...PAYMENT_METHODS, 'upsell', 'refund'] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/**
 * Groups kinds by the risk of a lost answer. A charge may have taken money, and a refund may have returned it. A lost
 * code was seen by no shopper, and a lost order is unpaid: both are harmless.
 */
export type OperationClass = 'charge' | 'code' | 'refund' | 'order';

export const CLASS_OF_KIND = {
  order: 'order',
  credit_card: 'charge',
  pix: 'code',
  boleto: 'code',
  upsell: 'charge',
  refund: 'refund',
} as const satisfies Readonly<Record<OperationKind, OperationClass>>;

/** The kinds of one class. */
export type KindOf<Class extends OperationClass> = {
  [Kind in OperationKind]: (typeof CLASS_OF_KIND)[Kind] extends Class ? Kind : never;
}[OperationKind];

/** Returns true if a kind is of a class. */
export const isOfClass = <Class extends OperationClass>(
  kind: OperationKind,
  expected: Class,
): kind is KindOf<Class> => CLASS_OF_KIND[kind] === expected;

/**
 * The states of an operation.
 *
 * - `prepared`: saved; nothing was sent.
 * - `sent`: its request was sent, or is about to be.
 * - `unknown`: its request was sent, and its outcome is not known.
 * - `done`: a charge was made, a code or an order exists, or a refund was accepted.
 * - `confirmed`: Appmax shows the refund as completed.
 * - `declined`: the card was declined; nothing was charged.
 * - `refused`: Appmax rejected the request; it had no effect.
 * - `not_sent`: nothing was sent.
 * - `not_done`: it was sent, but evidence or a person shows that it had no effect.
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

/** The states in which an operation blocks others of its sale (or a refund blocks others of its order). */
export const OPEN_STATES = ['prepared', 'sent', 'unknown'] as const satisfies readonly OperationState[];

/** The state of an order at Appmax at one point in time, without personal data. Amounts in cents. */
export interface OrderReading {
  readonly status: string;
  readonly method: PaymentMethod | null;
  readonly totalPaidCents: number | null;
  /** The amount of one payment of the order with its installment fee; null if Appmax gives no amounts. */
  readonly dueCents: number | null;
  readonly paidAt: string | null;
  readonly updatedAt: string | null;
  readonly refundedAt: string | null;
  /** The time of the request, by the database's clock, in ISO 8601; null for an order that was just created. */
  readonly readAt: string | null;
}

/**
 * The time since an operation was sent, at the time of a reading's request (or now, without a reading).
 *
 * - `before`: the reading was requested before the operation was sent, so it proves nothing about it.
 * - `running`: within the call's own time limit.
 * - `settling`: within the settle time after that.
 * - `over`: later; a payment without a trace now counts as not made.
 */
export type Phase = 'before' | 'running' | 'settling' | 'over';

/** An operation, with the fields that the rules need. */
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
  /** The reading of the order before the operation was sent; null if there was none. */
  readonly baseline: OrderReading | null;
  /** The reading that the operation was last judged by. */
  readonly evidence: OrderReading | null;
  readonly failure: string | null;
  /** The state of a code, by its expiry; `expiry_unknown` if Appmax gave no expiry and the code is not new. */
  readonly code: 'none' | 'open' | 'expired' | 'expiry_unknown';
  /** True if the code can't be paid any more: its expiry and the settle time after it are past. */
  readonly isCodeOver: boolean;
  /** True if Appmax has reported this success as refused since. */
  readonly superseded: boolean;
  /** True for the creation of an order if a backup was restored since: later operations of the sale may be lost. */
  readonly isHistoryLost?: boolean;
}

/**
 * The reason why an order of a checkout session takes no payment. `replaced`: another order of the session may take its
 * place.
 */
export type Closure = 'replaced' | 'session_expired' | 'session_completed';

/** A sale, which may be charged at most once: an order with all its operations. */
export interface Sale {
  /** The status in our row. */
  readonly orderStatus: string;
  readonly totalCents: number;
  /** The reason why the order takes no payment; undefined if it takes one, and for orders without a session. */
  readonly closure?: Closure | undefined;
  /** Oldest first. */
  readonly operations: readonly Operation[];
}
