import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsObject,
  IsOptional,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { AppmaxId, Cents, INT32_MAX, Nested } from '../../common/validation/validators';
import { orderTotal } from '../order-total';
import { CustomerDto, ProductDto } from './customer.dto';

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
  @Cents()
  products_value: number;

  @IsOptional()
  @Cents()
  discount_value?: number;

  @IsOptional()
  @Cents()
  shipping_value?: number;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ProductDto)
  products: ProductDto[];
}

export class CreateOrderDto {
  @Nested(() => CustomerDto)
  customer: CustomerDto;

  @Nested(() => OrderDto)
  order: OrderDto;
}

/** `:key` and `:order_id` of a path. */
export class OrderIdDto {
  @AppmaxId()
  order_id: number;
}
