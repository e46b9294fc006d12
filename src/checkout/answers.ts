import { ApiProperty } from '@nestjs/swagger';
import { Cents, OneOf, WholeNumber } from '../common/validation/validators';
import { CustomerId, OrderId, Status, UpsellHash } from '../orders';

/** An order that Appmax has made. */
export class OrderAnswer {
  @CustomerId()
  readonly customer_id: number;

  @OrderId()
  readonly order_id: number;
}

/** A card that was charged, or whose charge anti-fraud still looks at. */
export class CardAnswer {
  @OrderId()
  readonly order_id: number;

  @Status()
  readonly status: string;

  @UpsellHash({ optional: true })
  readonly upsell_hash?: string;
}

/** A Pix that waits to be paid. */
export class PixAnswer {
  @OrderId()
  readonly order_id: number;

  @ApiProperty({
    description: 'A picture to scan: a PNG in base64, with or without its `data:` prefix.',
    example: 'iVBORw0KGgoAAAANSUhEUgAA…',
  })
  readonly qr_code: string;

  @ApiProperty({
    description: 'The same as a text to copy.',
    example:
      '00020101021226580014br.gov.bcb.pix0136ca2f9e1e-6f0b-4a3e-9e0c-3f5c1a7b9d425204000053039865406159.90…',
  })
  readonly emv: string;
}

/** A boleto that waits to be paid. */
export class BoletoAnswer {
  @OrderId()
  readonly order_id: number;

  @ApiProperty({ description: 'The boleto as a PDF.', example: 'https://example.com/boletos/1773760001.pdf' })
  readonly pdf_url: string;

  @ApiProperty({
    description: 'Its line of digits, to type or to paste.',
    example: '34191.79001 01043.510047 91020.150008 1 99990000015990',
  })
  readonly digitavel: string;
}

/** Where an order is. */
export class StatusAnswer {
  @Status()
  readonly status: string;
}

/** What a total costs in so many parcels. */
export class InstallmentAnswer {
  @WholeNumber(1, 21, { description: 'The number of parcels.', example: 2 })
  readonly installments: number;

  @Cents({ description: 'One parcel, in cents.', example: 8155 })
  readonly value: number;

  @Cents({ description: 'All parcels, in cents: `value` × `installments`.', example: 16310 })
  readonly total_value: number;
}

/** What a page needs to turn a card into a token in the browser. */
export class ConfigAnswer {
  @ApiProperty({
    description: "The installation's id, which Appmax's script asks for.",
    format: 'uuid',
    example: 'b7c1f2de-6a3b-4a52-9a0e-5f2f5f4b8c11',
  })
  readonly external_id: string;

  @OneOf(['sandbox', 'production'], { description: "Which of Appmax's it is.", example: 'sandbox' })
  readonly environment: 'sandbox' | 'production';

  @ApiProperty({
    description: "Appmax's script.",
    format: 'uri',
    example: 'https://scripts.appmax.com.br/appmax.min.js',
  })
  readonly script_url: string;
}

/** A card as a token, which is used once. */
export class TokenAnswer {
  @ApiProperty({
    description: '`payment.token` of a card payment.',
    example: 'tok_8f14e45fceea167a5a36dedd4bea2543',
  })
  readonly token: string;
}

/** Something was done, or will be. */
export class MessageAnswer {
  @ApiProperty({ description: 'What was done, in words.', example: 'Refund request accepted' })
  readonly message: string;
}

/** An upsell that was taken. */
export class UpsellAnswer {
  @ApiProperty({ description: 'What became of it, in words.', example: 'upsell accepted' })
  readonly message: string;

  @ApiProperty({
    description: 'Where Appmax wants the shopper to go next.',
    example: 'https://example.com/thanks',
    required: false,
  })
  readonly redirect_url?: string;
}
