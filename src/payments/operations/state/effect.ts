import { isPaid } from '../../../orders';
import type { Closure, OperationState, OrderReading, Sale } from './operation';

/** The decision about a request for a payment. */
export type Decision =
  | { readonly kind: 'prepare'; readonly baseline: OrderReading | null }
  /** The order must be read at Appmax first. */
  | { readonly kind: 'read' }
  /** The response is the outcome of an operation: the request's own, or a code that is still open. */
  | { readonly kind: 'answer'; readonly id: number }
  /** The request's own operation has an unknown outcome: the order is read at Appmax, which may settle it. */
  | { readonly kind: 'judge'; readonly id: number }
  | { readonly kind: 'in_progress' }
  /** The order belongs to a checkout session and takes no payment any more. */
  | { readonly kind: 'closed'; readonly closure: Closure }
  | { readonly kind: 'not_payable'; readonly status: string };

/**
 * The verdict on a request to close an order. `closed`: the order takes no payment any more · `read`: it must be read at
 * Appmax first · `paid`: it is paid · `in_use`: it may still be paid.
 */
export type CloseVerdict = 'closed' | 'read' | 'paid' | 'in_use';

/** An effect of a transition. The service saves the effects in their order. */
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
  /** Sets our row's status to one that an operation proves, unless the row has a paid status. */
  | { readonly type: 'prove_status'; readonly status: string }
  /** Sets our row's status to that of a reading. */
  | { readonly type: 'apply_status'; readonly status: string }
  /** Flags the sale as paid twice: a person must refund one payment. */
  | { readonly type: 'paid_twice'; readonly id: number }
  | { readonly type: 'decide'; readonly decision: Decision }
  /** Closes the order: it takes no payment any more. */
  | { readonly type: 'close' }
  | { readonly type: 'judge_closing'; readonly verdict: CloseVerdict };

/** The result of an event: the sale afterwards and the effects. Without effects, the event changed nothing. */
export interface Step {
  readonly sale: Sale;
  readonly effects: readonly Effect[];
}

/** Applies an effect to a sale; decisions change nothing. */
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
    case 'prove_status':
      return isPaid(sale.orderStatus) ? sale : { ...sale, orderStatus: effect.status };
    case 'apply_status':
      return { ...sale, orderStatus: effect.status };
    case 'close':
      return { ...sale, closure: 'replaced' };
    case 'paid_twice':
    case 'decide':
    case 'judge_closing':
      return sale;
  }
}

/** A decision about a request, with the sale that it was based on. */
export interface SaleDecision {
  readonly decision: Decision;
  readonly sale: Sale;
}

/** Returns the decision among the effects of a request. */
export function decisionOf(effects: readonly Effect[]): Decision {
  const decided = effects.find((effect) => effect.type === 'decide');
  if (decided === undefined) throw new Error('There is no decision about a request for a payment');
  return decided.decision;
}

/** Returns the verdict among the effects of a request to close an order. */
export function closeVerdictOf(effects: readonly Effect[]): CloseVerdict {
  const judged = effects.find((effect) => effect.type === 'judge_closing');
  if (judged === undefined) throw new Error('There is no verdict on a request to close an order');
  return judged.verdict;
}
