import type { Operation, OrderReading, Sale } from '../../src/payments/operations/state/operation';
import type { SaleEvent } from '../../src/payments/operations/state/sale-event';
import { transition } from '../../src/payments/operations/state/transition';

/** Returns a reading of an order that is paid by card. */
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

/** Returns a card charge whose response was lost. */
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
  isCodeOver: false,
  superseded: false,
  ...change,
});

const order = operation({ id: 0, kind: 'order', state: 'done', keyId: null, phase: 'over' });
/** Returns a Pix code that was created and can be paid. */
export const pix = (change: Partial<Operation> = {}): Operation =>
  operation({ kind: 'pix', state: 'done', phase: 'over', code: 'open', ...change });

/** Returns a sale whose order was created by an operation. */
export const sale = (operations: readonly Operation[], orderStatus = 'pendente'): Sale => ({
  orderStatus,
  totalCents: 100,
  operations: [order, ...operations],
});

/** Returns the state of an operation after an event of its sale. */
export function stateAfter(before: Sale, event: SaleEvent, id = 1): string | undefined {
  return transition(before, event).sale.operations.find((candidate) => candidate.id === id)?.state;
}
