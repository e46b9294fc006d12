import { type Customer } from '../customers/customer';
import { type Merchant } from '../merchants/merchant';
import { type OrderStatus } from './order-status';

/** One line of an order. Money in cents. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unit_value?: number | undefined;
  readonly type?: 'physical' | 'digital' | undefined;
}

interface PaymentBase {
  readonly id: number;
  /** Appmax's `pay_reference`: the merchant finds the payment by it. */
  readonly reference: string;
  /** Cents that this payment takes, installment fee included. */
  readonly amount: number;
  /** Cents of `amount` that the installments add. */
  readonly fee: number;
  readonly createdAt: number;
  paidAt: number | null;
}

/** A card that was tried. */
export interface CardPayment extends PaymentBase {
  readonly method: 'credit_card';
  state: 'authorized' | 'paid' | 'declined' | 'voided';
  /** When an authorised or captured card was let go. */
  voidedAt: number | null;
  readonly installments: number;
  readonly brand: string;
  /** First six and last four digits; the rest is never kept. */
  readonly maskedNumber: string;
  readonly softDescriptor: string | null;
}

/** A Pix that was shown to the shopper. */
export interface PixPayment extends PaymentBase {
  readonly method: 'pix';
  state: 'open' | 'paid' | 'expired';
  /** The BR Code, which the shopper's bank reads. */
  readonly emv: string;
  readonly expiresAt: number;
}

/** A boleto that was issued. */
export interface BoletoPayment extends PaymentBase {
  readonly method: 'boleto';
  state: 'open' | 'paid' | 'overdue';
  /** 47 digits. */
  readonly digitableLine: string;
  readonly barcode: string;
  /** `YYYY-MM-DD`. */
  readonly dueDate: string;
  readonly documentNumber: string;
}

export type Payment = CardPayment | PixPayment | BoletoPayment;

/** A refund that was asked for; money moves when it is completed. */
export interface Refund {
  readonly id: number;
  readonly type: 'total' | 'partial';
  readonly amount: number;
  readonly requestedAt: number;
  completedAt: number | null;
  /** When Appmax refused it; its money counts as refundable again. */
  deniedAt: number | null;
}

/** One step of an order's life. */
export interface HistoryEntry {
  readonly at: number;
  readonly status: OrderStatus;
  /** What happened, in words for a person. */
  readonly cause: string;
}

/** An order of one merchant. Money in cents, instants in milliseconds of the simulated clock. */
export interface Order {
  readonly id: number;
  readonly merchant: Merchant;
  readonly customer: Customer;
  products: readonly Product[];
  productsValue: number;
  readonly discountValue: number;
  readonly shippingValue: number;
  /** Products + shipping − discount, before any installment fee. */
  total: number;
  readonly createdAt: number;
  readonly history: HistoryEntry[];
  readonly payments: Payment[];
  readonly refunds: Refund[];
  status: OrderStatus;
  updatedAt: number;
  /** The status to which the order returns once no refund is under review. */
  statusBeforeReview: OrderStatus | null;
  /** Since when it can be refunded. */
  settledAt: number | null;
  /** When the newest refund was completed, a partial one included. */
  refundedAt: number | null;
  /** Lets the merchant sell more to the same card. */
  upsellHash: string | null;
  /** The order whose upsell this one is. */
  readonly upsellOf: number | null;
  trackingCode: string | null;
  subscription: { readonly id: number; readonly interval: string; readonly intervalCount: number } | null;
}

/** Cents that were taken and not given back. */
export function capturedAmount(order: Order): number {
  return order.payments.reduce((sum, payment) => (payment.state === 'paid' ? sum + payment.amount : sum), 0);
}

/** Cents given back so far. */
export function refundedAmount(order: Order): number {
  return order.refunds.reduce((sum, refund) => (refund.completedAt === null ? sum : sum + refund.amount), 0);
}

/** Returns the payment that stands for an order: the one that was paid last, else the newest. */
export function mainPayment(order: Order): Payment | undefined {
  const paid = order.payments.filter(({ state }) => state === 'paid');
  const lastPaid = paid.reduce<Payment | undefined>(
    (last, payment) => ((payment.paidAt ?? 0) >= (last?.paidAt ?? 0) ? payment : last),
    undefined,
  );
  return lastPaid ?? order.payments.at(-1);
}

/** Cents that the installments of an order add: of what was paid, else of the newest payment. */
export function installmentFee(order: Order): number {
  const paid = order.payments.filter(({ state }) => state === 'paid');
  return paid.length === 0
    ? (order.payments.at(-1)?.fee ?? 0)
    : paid.reduce((sum, payment) => sum + payment.fee, 0);
}

/** The newest payment, of the methods asked for. */
export function latestPayment<Method extends Payment['method']>(
  order: Order,
  method: Method,
): Extract<Payment, { method: Method }> | undefined {
  return order.payments.findLast(
    (payment): payment is Extract<Payment, { method: Method }> => payment.method === method,
  );
}
