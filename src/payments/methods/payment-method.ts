import type { AppmaxCard, AppmaxSubscription, PaymentMethod, SendFence } from '../../appmax';
import type { Merchant } from '../../installations';
import type { Order } from '../../orders';
import type { OrderColumns } from '../order-rows';

/** What each method is asked with. */
export interface PaymentRequests {
  readonly credit_card: { readonly card: AppmaxCard; readonly subscription?: AppmaxSubscription | undefined };
  readonly pix: { readonly documentNumber: string; readonly subscription?: AppmaxSubscription | undefined };
  readonly boleto: { readonly documentNumber: string };
}

/** One payment to make. */
export interface PaymentCall<Request> {
  readonly merchant: Merchant;
  readonly order: Pick<Order, 'appmaxOrderId' | 'appmaxCustomerId'>;
  readonly request: Request;
}

/** What Appmax accepted, and what it leaves on the order's row. */
export interface AcceptedPayment {
  /** The order's status in Appmax's words; null where the answer names none. */
  readonly status: string | null;
  readonly columns: OrderColumns;
  /** Until when a code can be paid; undefined where Appmax does not tell, or there is no code. */
  readonly codeExpiresAt?: Date | undefined;
}

/** A way to pay: all that differs between methods. */
export interface PaymentMethodHandler<Request> {
  /** Whether a lost answer can be learned from what Appmax says of the order. A code that is lost is lost. */
  readonly isLearnable: boolean;
  /** All the time that its call may take, in seconds: after it, and the settle time, it counts as not made. */
  readonly callLimitSeconds: number;
  /** In how many parcels it is paid, for the record. */
  readonly installments: (request: Request) => number | undefined;
  /** Sends the payment, once. @throws AppmaxFailure, and what the fence throws. */
  readonly send: (call: PaymentCall<Request>, fence: SendFence) => Promise<AcceptedPayment>;
  /** Whether the order's row holds what this method shows the shopper. */
  readonly hasCode: (order: Order) => boolean;
}

/** Every method has its handler: a new one does not compile without. */
export type PaymentMethodHandlers = {
  readonly [Method in PaymentMethod]: PaymentMethodHandler<PaymentRequests[Method]>;
};
