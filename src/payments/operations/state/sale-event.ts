import type { PaymentMethod } from '../../../appmax';
import type { OrderReading } from './operation';

/** Appmax's answer to an operation's own request. */
export type OperationAnswer =
  /** The charge, code, order or refund was accepted; `status` is the order's, null if the answer has none. */
  | { readonly kind: 'accepted'; readonly status: string | null }
  | { readonly kind: 'declined'; readonly status: string | null }
  | { readonly kind: 'refused'; readonly failure: string }
  /** There was no answer, or an unclear one: the request may have had its effect. */
  | { readonly kind: 'lost'; readonly failure: string };

/** An event of a sale. */
export type SaleEvent =
  /** A client requests a payment. `reading` is a reading of the order from just now, null if there is none. */
  | {
      readonly type: 'asked';
      readonly kind: PaymentMethod;
      readonly keyId: number | null;
      readonly reading: OrderReading | null;
    }
  /** The holder of an operation's lease is about to send its request. */
  | { readonly type: 'fence'; readonly id: number; readonly token: string }
  /** It is proven that the request was not carried out. */
  | { readonly type: 'withdrawn'; readonly id: number; readonly token: string }
  | { readonly type: 'answered'; readonly id: number; readonly answer: OperationAnswer }
  /** The process with the operation had an unexpected error, or failed before it was sent. */
  | { readonly type: 'failed'; readonly id: number; readonly failure: string }
  | { readonly type: 'lease_over'; readonly id: number }
  /** Another order of the checkout session shall replace this one. `reading` as in `asked`. */
  | { readonly type: 'close'; readonly reading: OrderReading | null }
  /** The order was read at Appmax; null to judge only by the time that has passed. */
  | { readonly type: 'read'; readonly reading: OrderReading | null }
  /** A person settles the operation. */
  | { readonly type: 'resolved'; readonly id: number; readonly outcome: 'done' | 'not_done' };
