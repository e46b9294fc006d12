import { isPaid } from '../../../orders';
import type { OperationState, OrderReading, Sale } from './operation';

/** What a client that asks for a payment is told, or what is done for it. */
export type Decision =
  | { readonly kind: 'prepare'; readonly baseline: OrderReading | null }
  /** Appmax must be asked for the order first. */
  | { readonly kind: 'read' }
  /** An operation answers: the client's own, or a code that is still open. */
  | { readonly kind: 'answer'; readonly id: number }
  /** The client's own operation has an unknown outcome: it is judged by what Appmax says. */
  | { readonly kind: 'judge'; readonly id: number }
  | { readonly kind: 'in_progress' }
  | { readonly kind: 'not_payable'; readonly status: string };

/** What a transition changes or answers; the service writes each to the database, in this order. */
export type Effect =
  | {
      readonly type: 'update';
      readonly id: number;
      readonly from: OperationState;
      readonly to: OperationState;
      readonly failure?: string | null;
      readonly evidence?: OrderReading | null;
      readonly superseded?: boolean;
    }
  /** Our row takes a status that an operation proves, unless it tells of a payment already. */
  | { readonly type: 'row'; readonly status: string }
  /** Our row takes the status that Appmax has just said. */
  | { readonly type: 'learn'; readonly status: string }
  /** The sale was paid twice: nothing can undo that but a person. */
  | { readonly type: 'paid_twice'; readonly id: number }
  | { readonly type: 'decide'; readonly decision: Decision };

/** A sale after an event, and what changed. No effects: the event changes nothing, or may not happen. */
export interface Step {
  readonly sale: Sale;
  readonly effects: readonly Effect[];
}

/** A sale with an effect done to it; decisions change nothing. */
export function applyEffect(sale: Sale, effect: Effect): Sale {
  switch (effect.type) {
    case 'update':
      return {
        ...sale,
        operations: sale.operations.map((operation) =>
          operation.id === effect.id
            ? {
                ...operation,
                state: effect.to,
                failure: effect.failure ?? operation.failure,
                evidence: effect.evidence ?? operation.evidence,
                superseded: effect.superseded ?? operation.superseded,
              }
            : operation,
        ),
      };
    case 'row':
      return isPaid(sale.orderStatus) ? sale : { ...sale, orderStatus: effect.status };
    case 'learn':
      return { ...sale, orderStatus: effect.status };
    case 'paid_twice':
    case 'decide':
      return sale;
  }
}
