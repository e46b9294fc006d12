import type { PaymentMethod } from '../appmax';
import type { Merchant } from '../installations';
import type { Order } from '../orders';
import type { Guard } from './limits/card-declines';
import type { PaymentRequests } from './methods/payment-method';
import type { SaleOperation } from './operations/ledger';
import type { OperationFence } from './operations/operation-fence';
import type { OperationRow } from './operations/rows/operation-row';
import type { Sale } from './operations/state/operation';

/** A payment that a client requests. */
export interface PaymentOf<Method extends PaymentMethod> {
  readonly merchant: Merchant;
  readonly order: Order;
  /** The operations of the order's sale, if they were read with it. */
  readonly operations?: readonly OperationRow[] | undefined;
  readonly method: Method;
  readonly request: PaymentRequests[Method];
  /** True if the caller has named the order's token or customer_id, or has just created the order. */
  readonly isShopper: boolean;
  /** The subject of the limit of payments, if it is not the order: a checkout session may have several orders. */
  readonly limitedAs?: string;
  /** Runs the sending if it is allowed: it delays or refuses cards after too many declines. */
  readonly guard?: Guard;
  /**
   * Returns the answer to the client, from the order after a success: it is kept for repeats with the outcome. Without it,
   * the answer is kept afterwards.
   */
  readonly answer?: ((paid: Order) => unknown) | undefined;
}

/** A payment that is being sent. */
export interface Attempt {
  readonly merchant: Merchant;
  readonly order: Order;
  readonly operation: SaleOperation;
  readonly fence: OperationFence;
  /** The sale as it was when the operation was sent. */
  readonly sale: Sale;
  /** True if reading the order can show the outcome after the answer was lost. */
  readonly isLearnable: boolean;
  /** Returns true if the caller may learn the result of an earlier operation. */
  readonly mayLearn: (id: number) => Promise<boolean>;
  readonly answer: PaymentOf<PaymentMethod>['answer'];
}
