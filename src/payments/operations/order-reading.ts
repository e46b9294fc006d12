import type { AppmaxOrderState } from '../../appmax';
import type { OrderReading } from './state/operation';

/** What is kept of Appmax's answer about an order, as evidence. @param at when it was asked, by the database's clock. */
export function toReading(state: AppmaxOrderState, at: Date): OrderReading {
  return {
    status: state.status,
    method: state.method ?? null,
    totalPaidCents: state.totalPaidCents ?? null,
    dueCents: state.totalCents > 0 ? state.totalCents + state.installmentFeeCents : null,
    paidAt: state.paidAt ?? null,
    updatedAt: state.updatedAt ?? null,
    refundedAt: state.refundedAt ?? null,
    readAt: at.toISOString(),
  };
}

/** What an order is when it has just been made. */
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
