import type { Operation, OrderReading, Sale } from '../../src/payments/operations/state/operation';
import type { SaleEvent } from '../../src/payments/operations/state/sale-event';
import { transition } from '../../src/payments/operations/state/transition';

/** What Appmax says of an order that a card pays. */
export const reading = (status: string, change: Partial<OrderReading> = {}): OrderReading => ({
  status,
  method: 'credit_card',
  totalPaidCents: null,
  dueCents: 100,
  paidAt: null,
  updatedAt: null,
  refundedAt: null,
  readAt: null,
  ...change,
});

/** A card's charge whose answer was lost. */
export const operation = (change: Partial<Operation> = {}): Operation => ({
  id: 1,
  kind: 'credit_card',
  state: 'unknown',
  keyId: 7,
  leaseToken: 'token',
  leaseOver: false,
  phase: 'running',
  amountCents: 100,
  baseline: null,
  evidence: null,
  failure: null,
  code: 'none',
  superseded: false,
  ...change,
});

const order = operation({ id: 0, kind: 'order', state: 'done', keyId: null, phase: 'over' });
/** A code that was made and can be paid. */
export const pix = (change: Partial<Operation> = {}): Operation =>
  operation({ kind: 'pix', state: 'done', phase: 'over', code: 'open', ...change });

/** A sale whose order an operation made. */
export const sale = (operations: readonly Operation[], orderStatus = 'pendente'): Sale => ({
  orderStatus,
  totalCents: 100,
  operations: [order, ...operations],
});

/** The state of an operation once an event has happened to its sale. */
export function stateAfter(before: Sale, event: SaleEvent, id = 1): string | undefined {
  return transition(before, event).sale.operations.find((candidate) => candidate.id === id)?.state;
}
