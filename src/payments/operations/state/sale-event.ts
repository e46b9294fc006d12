import type { OrderReading } from './operation';

/** Appmax's answer to an operation's own request. */
export type OperationAnswer =
  /** The charge, code, order or refund was accepted; `status` is the order's in Appmax's words, null where it named none. */
  | { readonly kind: 'accepted'; readonly status: string | null }
  | { readonly kind: 'declined'; readonly status: string | null }
  | { readonly kind: 'refused'; readonly failure: string }
  /** No answer, or one that says nothing: the request may have had its effect. */
  | { readonly kind: 'lost'; readonly failure: string };

/** What happens to a sale. */
export type SaleEvent =
  /** A client asks for a payment. `reading` is what Appmax has just said of the order, null where it was not asked. */
  | {
      readonly type: 'asked';
      readonly kind: 'credit_card' | 'pix' | 'boleto';
      readonly keyId: number | null;
      readonly reading: OrderReading | null;
    }
  /** The holder of an operation's lease is about to send its request. */
  | { readonly type: 'fence'; readonly id: number; readonly token: string }
  /** It is proven that the request was not carried out. */
  | { readonly type: 'withdrawn'; readonly id: number; readonly token: string }
  | { readonly type: 'answered'; readonly id: number; readonly answer: OperationAnswer }
  /** The process that had the operation failed in a way that was not foreseen, or gave it up before it was sent. */
  | { readonly type: 'failed'; readonly id: number; readonly failure: string }
  | { readonly type: 'lease_over'; readonly id: number }
  /** Appmax was asked for the order; null where nothing but time has passed. */
  | { readonly type: 'read'; readonly reading: OrderReading | null }
  /** A person says what became of it. */
  | { readonly type: 'resolved'; readonly id: number; readonly outcome: 'done' | 'not_done' };
