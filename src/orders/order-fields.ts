import { ApiProperty } from '@nestjs/swagger';
import { ORDER_STATUSES } from '../appmax';
import { openEnum } from '../common/openapi/open-enum';
import { AppmaxId, Text } from '../common/validation/validators';

/** Decorates an `order_id`. */
export const OrderId = (): PropertyDecorator =>
  AppmaxId({ description: "The order's id at Appmax.", example: 1773760001 });

/** Decorates a `customer_id`. */
export const CustomerId = (): PropertyDecorator =>
  AppmaxId({ description: "The customer's id at Appmax.", example: 904211 });

/** Decorates a `status`: an open enum, because Appmax may add statuses. */
export const Status = (): PropertyDecorator =>
  ApiProperty({
    description: "The order's status in Appmax's terms. Appmax may add others.",
    ...openEnum(ORDER_STATUSES),
    maxLength: 64,
    example: 'aprovado',
  });

/** Decorates an `upsell_hash`. */
export const UpsellHash = ({ optional = false } = {}): PropertyDecorator =>
  Text(255, {
    description: 'The hash from the answer to a card payment, for an upsell on the same card.',
    example: 'f6f2ea1d2c7c4f0c8a6b',
    optional,
  });
