/** The amounts of a total, in cents; a missing one counts as 0. */
export interface OrderAmounts {
  readonly products_value: number;
  readonly shipping_value?: number | undefined;
  readonly discount_value?: number | undefined;
}

/** Returns the amount that the shopper pays, in cents: products + shipping − discount. */
export function orderTotal({ products_value, shipping_value = 0, discount_value = 0 }: OrderAmounts): number {
  return products_value + shipping_value - discount_value;
}
