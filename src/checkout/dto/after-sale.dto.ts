import { Cents, OneOf, RequiredFirst, Text } from '../../common/validation/validators';
import { OrderId, UpsellHash } from '../../orders';
import { type ProductDto, Products } from './customer.dto';

export class RefundDto {
  @OrderId()
  @RequiredFirst()
  order_id: number;

  @OneOf(['total', 'partial'], { example: 'partial' })
  type: 'total' | 'partial';

  @Cents(
    {
      description: 'The amount to refund, in cents; required with `partial`.',
      example: 5000,
      requiredIf: ({ type }: RefundDto) => type === 'partial',
    },
    1,
  )
  value?: number;

  @Text(500, {
    description: 'Why it is refunded, for operators; stored with the operation. No personal data.',
    example: 'Returned by the shopper',
    optional: true,
  })
  reason?: string;
}

export class TrackingCodeDto {
  @OrderId()
  @RequiredFirst()
  order_id: number;

  @Text(255, { description: "The carrier's tracking code.", example: 'BR123456789BR' })
  shipping_tracking_code: string;
}

export class UpsellDto {
  @UpsellHash()
  upsell_hash: string;

  @Cents({ description: 'The total of all products, in cents.', example: 4990 })
  products_value: number;

  @Products({ minimum: 1 })
  products: ProductDto[];
}
