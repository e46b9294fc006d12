import type { AppmaxOrderState } from '../../appmax';
import type { OrderReading } from './state/operation';

/** Maps Appmax's state of an order to a reading. @param at the time of the request, by the database's clock. */
export function toReading(state: AppmaxOrderState, at: Date): OrderReading {
  return {
    status: state.status,
    method: state.method ?? null,
    totalPaidCents: state.totalPaidCents ?? null,
    dueCents: state.totalCents > 0 ? state.totalCents : null,
    paidAt: state.paidAt ?? null,
    updatedAt: state.updatedAt ?? null,
    refundedAt: state.refundedAt ?? null,
    readAt: at.toISOString(),
  };
}

/** Returns the reading of an order that was just created. */
export function creationOf({ status, totalCents }: { status: string; totalCents: number }): OrderReading {
  return {
    status,
    method: null,
    totalPaidCents: 0,
    dueCents: totalCents,
    paidAt: null,
    updatedAt: null,
    refundedAt: null,
    readAt: null,
  };
}
