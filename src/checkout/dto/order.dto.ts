import { ValidateBy } from 'class-validator';
import { Nested } from '../../common/validation/nested';
import { Cents, INT32_MAX } from '../../common/validation/validators';
import { orderTotal } from '../../orders';
import { CustomerDto, type ProductDto, Products } from './customer.dto';

/** Validates that the order's total is from 0 to the maximum of the database's column. */
const TotalInRange = (): PropertyDecorator =>
  ValidateBy({
    name: 'totalInRange',
    validator: {
      validate: (_, context) => {
        const total = orderTotal(context?.object as OrderDto);
        return !Number.isSafeInteger(total) || (total >= 0 && total <= INT32_MAX);
      },
      defaultMessage: () =>
        `the total (products_value + shipping_value - discount_value) must be from 0 to ${INT32_MAX} cents`,
    },
  });

/** An order's products and amounts. Amounts in cents. */
export class OrderDto {
  @TotalInRange()
  @Cents({ description: 'The total of all products, in cents.', example: 14990 })
  products_value: number;

  @Cents({
    description: 'The discount, in cents. Default: 0.',
    example: 500,
    optional: true,
  })
  discount_value?: number;

  @Cents({
    description: 'The shipping cost, in cents. Default: 0.',
    example: 1500,
    optional: true,
  })
  shipping_value?: number;

  @Products({ minimum: 1 })
  products: ProductDto[];
}

export class CreateOrderDto {
  @Nested(() => CustomerDto, { description: 'The shopper.' })
  customer: CustomerDto;

  @Nested(() => OrderDto, { description: 'The order.' })
  order: OrderDto;
}
