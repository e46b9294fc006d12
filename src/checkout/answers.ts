import { ApiProperty } from '@nestjs/swagger';
import { MAXIMUM_INSTALLMENTS } from '../appmax';
import { Cents, OneOf, WholeNumber } from '../common/validation/validators';
import { CustomerId, OrderId, Status, UpsellHash } from '../orders';
import { OrderTokenField } from './order-token/order-token';

/** An order that was created at Appmax. */
export class OrderAnswer {
  @CustomerId()
  readonly customer_id: number;

  @OrderId()
  readonly order_id: number;

  @OrderTokenField(
    'The token of the order that this request created: it proves later that the caller is the shopper.',
  )
  readonly order_token: string;
}

/** A card payment that was charged, or that anti-fraud is still reviewing. */
export class CardAnswer {
  @OrderId()
  readonly order_id: number;

  @Status()
  readonly status: string;

  @UpsellHash({ optional: true })
  readonly upsell_hash?: string;

  @OrderTokenField(
    'The token of the order that this request created: it proves later that the caller is the shopper.',
    {
      optional: true,
    },
  )
  readonly order_token?: string;
}

/** An open Pix. */
export class PixAnswer {
  @OrderId()
  readonly order_id: number;

  @ApiProperty({
    description: 'The QR code: a PNG in base64, with or without a `data:` prefix.',
    example: 'iVBORw0KGgoAAAANSUhEUgAA…',
  })
  readonly qr_code: string;

  @ApiProperty({
    description: 'The Pix code as text, to copy.',
    example:
      '00020101021226580014br.gov.bcb.pix0136ca2f9e1e-6f0b-4a3e-9e0c-3f5c1a7b9d425204000053039865406159.90…',
  })
  readonly emv: string;

  @OrderTokenField(
    'The token of the order that this request created: it proves later that the caller is the shopper.',
    {
      optional: true,
    },
  )
  readonly order_token?: string;
}

/** An open boleto. */
export class BoletoAnswer {
  @OrderId()
  readonly order_id: number;

  @ApiProperty({ description: 'The boleto as a PDF.', example: 'https://example.com/boletos/1773760001.pdf' })
  readonly pdf_url: string;

  @ApiProperty({
    description: 'Its digitable line (linha digitável), to type or to paste.',
    example: '34191.79001 01043.510047 91020.150008 1 99990000015990',
  })
  readonly digitavel: string;

  @OrderTokenField(
    'The token of the order that this request created: it proves later that the caller is the shopper.',
    {
      optional: true,
    },
  )
  readonly order_token?: string;
}

/** The status of an order. */
export class StatusAnswer {
  @Status()
  readonly status: string;
}

/** The price of paying in this number of installments. */
export class InstallmentAnswer {
  @WholeNumber(1, MAXIMUM_INSTALLMENTS, { description: 'The number of installments.', example: 2 })
  readonly installments: number;

  @Cents({ description: 'One installment, in cents.', example: 8155 })
  readonly value: number;

  @Cents({ description: 'All installments, in cents: `value` × `installments`.', example: 16310 })
  readonly total_value: number;
}

/** The configuration for a page that tokenizes cards in the browser. */
export class ConfigAnswer {
  @ApiProperty({
    description:
      "The id by which Appmax's script knows the merchant: the installation's UUID or, if the app was installed again, " +
      'the client_id of the current installation.',
    example: 'b7c1f2de-6a3b-4a52-9a0e-5f2f5f4b8c11',
  })
  readonly external_id: string;

  @OneOf(['sandbox', 'production'], { description: "Appmax's environment.", example: 'sandbox' })
  readonly environment: 'sandbox' | 'production';

  @ApiProperty({
    description: "Appmax's script for this environment.",
    format: 'uri',
    example: 'https://scripts.sandboxappmax.com.br/appmax.min.js',
  })
  readonly script_url: string;
}

/** A card token, valid for one payment. */
export class TokenAnswer {
  @ApiProperty({
    description: 'The value for `payment.token` of a card payment.',
    example: 'tok_8f14e45fceea167a5a36dedd4bea2543',
  })
  readonly token: string;
}

/** A message that confirms a request. */
export class MessageAnswer {
  @ApiProperty({ description: 'The result, as a text.', example: 'Refund request accepted' })
  readonly message: string;
}

/** An accepted upsell. */
export class UpsellAnswer {
  @ApiProperty({ description: 'The result, as a text.', example: 'upsell accepted' })
  readonly message: string;

  @ApiProperty({
    description: 'The URL to which Appmax redirects the shopper.',
    example: 'https://example.com/thanks',
    required: false,
  })
  readonly redirect_url?: string;
}
