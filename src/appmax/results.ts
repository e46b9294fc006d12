/** What Appmax says of an order. */
export interface AppmaxOrderState {
  readonly id: number;
  readonly status: string;
  readonly customerId: number | undefined;
  readonly totalCents: number;
}

/** What an upsell led to. */
export interface UpsellResult {
  readonly message: string | undefined;
  readonly redirectUrl: string | undefined;
  readonly orderId: number | undefined;
}
