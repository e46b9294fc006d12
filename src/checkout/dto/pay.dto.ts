import { Nested } from '../../common/validation/nested';
import { Document, OptionalAppmaxId, Text, WholeNumber } from '../../common/validation/validators';
import { OrderTokenField } from '../order-token/order-token';
import { CardDto } from './card.dto';
import { CustomerDto } from './customer.dto';
import { OrderDto } from './order.dto';

const hasNoOrderId = ({ order_id }: PayDto): boolean => order_id === undefined;

/** The fields that all payment methods share: the order to pay, or the customer and the order to create first. */
export class PayDto {
  @OptionalAppmaxId({ description: "The customer's id at Appmax; 0 counts as absent.", example: 904211 })
  customer_id?: number;

  @OptionalAppmaxId({
    description: 'The order to pay. If absent or 0, it is created from `customer` and `order`.',
    example: 1773760001,
  })
  order_id?: number;

  @OrderTokenField('The token of the order in `order_id`; necessary with `STOREFRONT_ORDERS=tokens`.', {
    optional: true,
  })
  order_token?: string;

  @Nested(() => CustomerDto, { description: 'Required without an `order_id`.', requiredIf: hasNoOrderId })
  customer?: CustomerDto;

  @Nested(() => OrderDto, { description: 'Required without an `order_id`.', requiredIf: hasNoOrderId })
  order?: OrderDto;
}

export class SubscriptionDto {
  @Text(30, { description: 'Sent to Appmax unchanged.', example: 'month' })
  interval: string;

  @WholeNumber(1, 1200, { description: 'The number of intervals between two charges.', example: 1 })
  interval_count: number;
}

const Subscription = (): PropertyDecorator =>
  Nested(() => SubscriptionDto, { description: 'Starts a subscription with this payment.', optional: true });

export class PayByCardDto extends PayDto {
  @Nested(() => CardDto, { description: 'The card.' })
  payment: CardDto;

  @Subscription()
  subscription?: SubscriptionDto;
}

export class PayByPixDto extends PayDto {
  @Document()
  document_number: string;

  @Subscription()
  subscription?: SubscriptionDto;
}

export class PayByBoletoDto extends PayDto {
  @Document()
  document_number: string;
}
