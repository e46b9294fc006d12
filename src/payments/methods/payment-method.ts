import type { AppmaxCard, AppmaxSubscription, PaymentMethod, SendFence } from '../../appmax';
import type { Merchant } from '../../installations';
import type { Order } from '../../orders';
import type { OrderColumns } from '../order-rows';

/** The payment data that each method needs. */
export interface PaymentRequests {
  readonly credit_card: { readonly card: AppmaxCard; readonly subscription?: AppmaxSubscription | undefined };
  readonly pix: { readonly documentNumber: string; readonly subscription?: AppmaxSubscription | undefined };
  readonly boleto: { readonly documentNumber: string };
}

/** One payment to send. */
export interface PaymentCall<Request> {
  readonly merchant: Merchant;
  readonly order: Pick<Order, 'appmaxOrderId' | 'appmaxCustomerId'>;
  readonly request: Request;
}

/** The result of a payment that Appmax accepted. */
export interface AcceptedPayment {
  /** The order's status at Appmax; null if the answer has none. */
  readonly status: string | null;
  /** The columns to save in the order's row. */
  readonly columns: OrderColumns;
  /** The expiry of a code; undefined if Appmax does not give it, or there is no code. */
  readonly codeExpiresAt?: Date | undefined;
}

/** The handler of a payment method: everything that differs between methods. */
export interface PaymentMethodHandler<Request> {
  /** True if reading the order shows the outcome after a lost answer. It never shows the code of a Pix or boleto. */
  readonly isLearnable: boolean;
  /** The time limit of its call in seconds. After it and the settle time, a payment without a trace is not made. */
  readonly callLimitSeconds: number;
  /** Returns the number of installments, for the operation's row. */
  readonly installments: (request: Request) => number | undefined;
  /** Returns the document of the payer, which proves later that a caller is the shopper. */
  readonly payerDocument: (request: Request) => string;
  /** Sends the payment once. @throws AppmaxFailure; the fence's own errors. */
  readonly send: (call: PaymentCall<Request>, fence: SendFence) => Promise<AcceptedPayment>;
  /** Returns true if the order's row has this method's code for the shopper. */
  readonly hasCode: (order: Order) => boolean;
}

/** The handlers of all methods: a new method without a handler does not compile. */
export type PaymentMethodHandlers = {
  readonly [Method in PaymentMethod]: PaymentMethodHandler<PaymentRequests[Method]>;
};
