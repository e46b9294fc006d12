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
  /** Appmax's `pay_reference`, by which the merchant identifies the payment. */
  readonly reference: string;
  /** Cents that this payment charges. */
  readonly amount: number;
  /** Cents of `amount` that are interest of the installments. */
  readonly fee: number;
  readonly createdAt: number;
  paidAt: number | null;
}

/** A payment by card, accepted or declined. */
export interface CardPayment extends PaymentBase {
  readonly method: 'credit_card';
  state: 'authorized' | 'paid' | 'declined' | 'voided';
  /** The time at which an authorized or captured payment was voided. */
  voidedAt: number | null;
  readonly installments: number;
  readonly brand: string;
  /** First six and last four digits; the rest is never kept. */
  readonly maskedNumber: string;
  readonly softDescriptor: string | null;
}

/** A payment by Pix. */
export interface PixPayment extends PaymentBase {
  readonly method: 'pix';
  state: 'open' | 'paid' | 'expired';
  /** The BR Code, which the shopper's bank reads. */
  readonly emv: string;
  readonly expiresAt: number;
}

/** A payment by boleto. */
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

/** A requested refund. Money moves when it is completed. */
export interface Refund {
  readonly id: number;
  readonly type: 'total' | 'partial';
  readonly amount: number;
  readonly requestedAt: number;
  completedAt: number | null;
  /** The time at which Appmax denied it. Its amount is then refundable again. */
  deniedAt: number | null;
}

/** One entry of an order's history. */
export interface HistoryEntry {
  readonly at: number;
  readonly status: OrderStatus;
  /** The cause of the entry, as readable text. */
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
  /** Products + shipping − discount. Interest of installments is part of the products' value. */
  total: number;
  readonly createdAt: number;
  readonly history: HistoryEntry[];
  readonly payments: Payment[];
  readonly refunds: Refund[];
  status: OrderStatus;
  updatedAt: number;
  /** The status to which the order returns when no refund is under review. */
  statusBeforeReview: OrderStatus | null;
  /** The time from which it can be refunded. */
  settledAt: number | null;
  /** The time at which the newest refund, total or partial, was completed. */
  refundedAt: number | null;
  /** The hash with which the merchant can charge an upsell to the same card. */
  upsellHash: string | null;
  /** The id of the order that this one is an upsell of; null if it is none. */
  readonly upsellOf: number | null;
  trackingCode: string | null;
  subscription: { readonly id: number; readonly interval: string; readonly intervalCount: number } | null;
}

/** Returns the total of the products in cents, or null if one has no price. */
export function productsTotal(products: readonly Product[]): number | null {
  let total = 0;
  for (const { unit_value, quantity } of products) {
    if (unit_value === undefined) return null;
    total += unit_value * quantity;
  }
  return total;
}

/** Returns the cents of all paid payments. Refunds are not subtracted. */
export function capturedAmount(order: Order): number {
  return order.payments.reduce((sum, payment) => (payment.state === 'paid' ? sum + payment.amount : sum), 0);
}

/** Returns the cents refunded so far. */
export function refundedAmount(order: Order): number {
  return order.refunds.reduce((sum, refund) => (refund.completedAt === null ? sum : sum + refund.amount), 0);
}

/** Returns the main payment of an order: the one that was paid last, else the newest. */
export function mainPayment(order: Order): Payment | undefined {
  const paid = order.payments.filter(({ state }) => state === 'paid');
  const lastPaid = paid.reduce<Payment | undefined>(
    (last, payment) => ((payment.paidAt ?? 0) >= (last?.paidAt ?? 0) ? payment : last),
    undefined,
  );
  return lastPaid ?? order.payments.at(-1);
}

/** Returns the interest of an order in cents: of the paid payments, else of the newest one. */
export function installmentFee(order: Order): number {
  const paid = order.payments.filter(({ state }) => state === 'paid');
  return paid.length === 0
    ? (order.payments.at(-1)?.fee ?? 0)
    : paid.reduce((sum, payment) => sum + payment.fee, 0);
}

/** Returns the newest payment with this method. */
export function latestPayment<Method extends Payment['method']>(
  order: Order,
  method: Method,
): Extract<Payment, { method: Method }> | undefined {
  return order.payments.findLast(
    (payment): payment is Extract<Payment, { method: Method }> => payment.method === method,
  );
}
