import type { PaymentMethod } from './order-status';

/** What Appmax says of an order. */
export interface AppmaxOrderState {
  readonly id: number;
  readonly status: string;
  readonly customerId: number | undefined;
  readonly totalCents: number;
  readonly totalPaidCents: number | undefined;
  readonly installmentFeeCents: number;
  readonly paidAt: string | undefined;
  readonly method: PaymentMethod | undefined;
  readonly updatedAt: string | undefined;
  readonly refundedAt: string | undefined;
}

/** What an upsell led to. */
export interface UpsellResult {
  readonly message: string | undefined;
  readonly redirectUrl: string | undefined;
  readonly orderId: number | undefined;
}
