import type { FailureKind } from '../../appmax/appmax-failure';
import { REFUSED_STATUSES } from '../../appmax/order-status';
import { isPaid } from '../status-rules';

/**
 * How an attempt to pay ended. `succeeded`: charged, or a code made · `declined`: the card was refused · `refused`:
 * Appmax said no · `unavailable`: it had no effect.
 */
export type AttemptOutcome = 'succeeded' | 'declined' | 'refused' | 'unavailable';

/** What a failed call says of its attempt; `unknown` says nothing. */
export const OUTCOME_OF_FAILURE: Readonly<Record<FailureKind, AttemptOutcome | 'unknown'>> = {
  declined: 'declined',
  refused: 'refused',
  rate_limited: 'unavailable',
  unauthorized: 'unavailable',
  unavailable: 'unavailable',
  suspended: 'unavailable',
  unknown: 'unknown',
};

/** What is known of a payment whose answer was lost. */
export interface Evidence {
  /** The order's status at Appmax now; undefined when Appmax doesn't know the order. */
  readonly status: string | undefined;
  /** The order's status when the payment was sent. */
  readonly statusBefore: string;
  /** Seconds since the answer was lost. */
  readonly lostSeconds: number;
  /** Seconds after which a payment that has left no trace will leave none. */
  readonly settleSeconds: number;
}

/**
 * What became of a payment whose answer was lost, as far as the order tells. An order that still waits to be paid says
 * nothing at first: the payment may be on its way.
 */
export function judge({
  status,
  statusBefore,
  lostSeconds,
  settleSeconds,
}: Evidence): AttemptOutcome | 'wait' {
  if (status !== undefined && isPaid(status)) return 'succeeded';
  if (status !== undefined && REFUSED_STATUSES.has(status) && status !== statusBefore) return 'declined';
  if (lostSeconds < settleSeconds) return 'wait';
  return status === undefined || status === 'pendente' || REFUSED_STATUSES.has(status)
    ? 'unavailable'
    : 'wait';
}
