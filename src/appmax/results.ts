import type { PaymentMethod } from './order-status';

/** The state of an order at Appmax. */
export interface AppmaxOrderState {
  readonly id: number;
  readonly status: string;
  readonly customerId: number | undefined;
  /** Products + shipping − discount + interest of installments, as far as Appmax gives them. */
  readonly totalCents: number;
  readonly totalPaidCents: number | undefined;
  readonly paidAt: string | undefined;
  readonly method: PaymentMethod | undefined;
  readonly updatedAt: string | undefined;
  readonly refundedAt: string | undefined;
}

/** The result of an upsell. */
export interface UpsellResult {
  readonly message: string | undefined;
  readonly redirectUrl: string | undefined;
  readonly orderId: number | undefined;
}
