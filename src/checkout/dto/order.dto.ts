import { ValidateBy } from 'class-validator';
import { Nested } from '../../common/validation/nested';
import { Cents, INT32_MAX } from '../../common/validation/validators';
import { orderTotal } from '../../orders';
import { CustomerDto, Products, type ProductDto } from './customer.dto';

/** Refuses orders whose total is below nothing or beyond what the database keeps. */
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

/** What is sold. Amounts in cents. */
export class OrderDto {
  @TotalInRange()
  @Cents({ description: 'All products together, in cents.', example: 14990 })
  products_value: number;

  @Cents({
    description: 'Taken off the total, in cents; 0 where it is left out.',
    example: 500,
    optional: true,
  })
  discount_value?: number;

  @Cents({
    description: 'Added to the total, in cents; 0 where it is left out.',
    example: 1500,
    optional: true,
  })
  shipping_value?: number;

  @Products({ minimum: 1 })
  products: ProductDto[];
}

export class CreateOrderDto {
  @Nested(() => CustomerDto, { description: 'Who buys.' })
  customer: CustomerDto;

  @Nested(() => OrderDto, { description: 'What is bought.' })
  order: OrderDto;
}
