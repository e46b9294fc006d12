import { QueryText } from '../../common/http/query-text';
import { Text } from '../../common/validation/validators';

const EXAMPLE = '3f9a1c0d5e7b2a4868d1f0c9b7e6a5d43f9a1c0d5e7b2a4868d1f0c9b7e6a5d4';

/** Decorates an `order_token` of a body. */
export const OrderTokenField = (description: string, { optional = false } = {}): PropertyDecorator =>
  Text(64, { description, example: EXAMPLE, optional });

/** Injects the `order_token` of the query. */
export const OrderToken = (): ParameterDecorator =>
  QueryText('order_token', {
    description: "The order's token; necessary with `STOREFRONT_ORDERS=tokens`.",
    example: EXAMPLE,
  });
