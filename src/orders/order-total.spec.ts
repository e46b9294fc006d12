import fc from 'fast-check';
import { orderTotal } from './order-total';

describe('orderTotal', () => {
  it.each([
    [{ products_value: 10_000 }, 10_000],
    [{ products_value: 10_000, shipping_value: 1_500 }, 11_500],
    [{ products_value: 10_000, discount_value: 500 }, 9_500],
    [{ products_value: 10_000, shipping_value: 1_500, discount_value: 500 }, 11_000],
    [{ products_value: 0, shipping_value: 0, discount_value: 0 }, 0],
    [{ products_value: 100, shipping_value: 0, discount_value: 100 }, 0],
    [{ products_value: 100, discount_value: 101 }, -1],
    [{ products_value: 100, shipping_value: undefined, discount_value: undefined }, 100],
  ])('the total is products + shipping - discount: %j makes %d', (amounts, expected) => {
    expect(orderTotal(amounts)).toBe(expected);
  });

  it('the total is exact for all amounts that the database can store', () => {
    const cents = fc.integer({ min: 0, max: 2_147_483_647 });
    fc.assert(
      fc.property(cents, cents, cents, (products_value, shipping_value, discount_value) => {
        const exact = BigInt(products_value) + BigInt(shipping_value) - BigInt(discount_value);
        expect(BigInt(orderTotal({ products_value, shipping_value, discount_value }))).toBe(exact);
      }),
    );
  });
});
