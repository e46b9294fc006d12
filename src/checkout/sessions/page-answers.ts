import { ApiProperty } from '@nestjs/swagger';
import { PAYMENT_METHODS, type PaymentMethod } from '../../appmax';
import { Instant } from '../../common/openapi/fields';
import { Cents, OneOf, WholeNumber } from '../../common/validation/validators';
import { OrderId, Status } from '../../orders';
import { ConfigAnswer } from '../answers';
import { Method, OptionalOrderId, OptionalStatus, SessionId, State } from './answers';
import { LOCALES, type SessionState } from './session';
import { REQUIRED_FIELDS, type RequiredField } from './shopper-data';

const CodeExpiry = (): PropertyDecorator =>
  Instant('When it expires; null if Appmax does not tell.', { nullable: true });

/** An item, for the page. */
export class SessionItemAnswer {
  @ApiProperty({ description: 'The name of the product.', example: 'Camiseta' })
  readonly name: string;

  @WholeNumber(1, 2_147_483_647, { description: 'How many are sold.', example: 1 })
  readonly quantity: number;

  @Cents({ description: 'The price of one, in cents.', example: 14990 })
  readonly unit_value: number;

  @ApiProperty({ description: 'A picture.', required: false, example: 'https://shop.example.com/cam-01.jpg' })
  readonly image_url?: string;
}

/** Personal data of the shopper, masked. */
export class MaskedShopper {
  @ApiProperty({ description: 'Masked.', required: false, example: 'M…' })
  readonly first_name?: string;

  @ApiProperty({ description: 'Masked.', required: false, example: 'S…' })
  readonly last_name?: string;

  @ApiProperty({ description: 'Masked.', required: false, example: 'm…@example.com' })
  readonly email?: string;

  @ApiProperty({ description: 'Masked.', required: false, example: '…77' })
  readonly phone?: string;

  @ApiProperty({ description: 'Masked.', required: false, example: '…25' })
  readonly document_number?: string;
}

/** The code of an open Pix. */
export class OpenPixAnswer {
  @ApiProperty({
    description: 'The QR code: a PNG in base64, with or without a `data:` prefix.',
    example: 'iVBORw0KGgo…',
  })
  readonly qr_code: string;

  @ApiProperty({ description: 'The Pix as text, to copy.', example: '00020101021226580014br.gov.bcb.pix…' })
  readonly emv: string;

  @CodeExpiry()
  readonly expires_at: string | null;
}

/** The data of an open boleto. */
export class OpenBoletoAnswer {
  @ApiProperty({ description: 'The boleto as a PDF.', example: 'https://example.com/boletos/1773760001.pdf' })
  readonly pdf_url: string;

  @ApiProperty({
    description: 'Its digitable line.',
    example: '34191.79001 01043.510047 91020.150008 1 99990000015990',
  })
  readonly digitavel: string;

  @CodeExpiry()
  readonly due_at: string | null;
}

/** The state of a session, for its page. */
export class SessionStatusAnswer {
  @State()
  readonly status: SessionState;

  @ApiProperty({
    description: 'True while the outcome of a payment that was sent is not known: no other payment is sent.',
    example: false,
  })
  readonly payment_under_way: boolean;

  @OptionalOrderId()
  readonly order_id?: number;

  @OptionalStatus()
  readonly order_status?: string;

  @Method()
  readonly payment_method?: PaymentMethod;
}

/** A session, for its page. */
export class SessionViewAnswer extends SessionStatusAnswer {
  @SessionId()
  readonly id: string;

  @ApiProperty({ description: 'The items.', type: [SessionItemAnswer] })
  readonly items: readonly SessionItemAnswer[];

  @Cents({ description: 'The sum of the items.', example: 14990 })
  readonly products_value: number;

  @Cents({ description: 'The shipping cost.', example: 1500 })
  readonly shipping_value: number;

  @Cents({ description: 'The discount.', example: 500 })
  readonly discount_value: number;

  @Cents({ description: 'Items plus shipping minus the discount, without interest.', example: 15990 })
  readonly total_value: number;

  @ApiProperty({
    description: 'The allowed payment methods.',
    type: 'string',
    enum: PAYMENT_METHODS,
    isArray: true,
    example: ['credit_card', 'pix'],
  })
  readonly methods: readonly PaymentMethod[];

  @WholeNumber(1, 12, { description: 'The maximum number of installments.', example: 12 })
  readonly max_installments: number;

  @OneOf(LOCALES, { description: 'The language that the shop chose.', example: 'pt-BR', optional: true })
  readonly locale?: (typeof LOCALES)[number];

  @ApiProperty({
    description: 'Where the shopper goes after the payment, with `session_id`.',
    required: false,
    example: 'https://shop.example.com/thanks?session_id=cs_0Yb2wqk3mXv8tQn5rJ7hLd1sZc9pGf4aEu6iRo0WxKy',
  })
  readonly success_url?: string;

  @ApiProperty({
    description: 'Where the shopper goes instead of paying, with `session_id`.',
    required: false,
    example: 'https://shop.example.com/cart?session_id=cs_0Yb2wqk3mXv8tQn5rJ7hLd1sZc9pGf4aEu6iRo0WxKy',
  })
  readonly cancel_url?: string;

  @Instant('When it expires.')
  readonly expires_at: string;

  @Instant('When it was made.')
  readonly created_at: string;

  @ApiProperty({ description: 'What is known of the shopper, masked.', type: MaskedShopper })
  readonly customer: MaskedShopper;

  @ApiProperty({
    description: 'The fields of `customer` that a payment must send.',
    type: 'string',
    enum: REQUIRED_FIELDS,
    isArray: true,
    example: ['email', 'phone'],
  })
  readonly missing_fields: readonly RequiredField[];

  @ApiProperty({
    description:
      'The fields of `customer` that the shopper has typed, and that a payment may send again to correct them.',
    type: 'string',
    enum: REQUIRED_FIELDS,
    isArray: true,
    example: ['email'],
  })
  readonly typed_fields: readonly RequiredField[];

  @ApiProperty({ description: 'The open Pix.', type: OpenPixAnswer, required: false })
  readonly pix?: OpenPixAnswer;

  @ApiProperty({ description: 'The open boleto.', type: OpenBoletoAnswer, required: false })
  readonly boleto?: OpenBoletoAnswer;

  @ApiProperty({
    description: 'What the page needs to make a token of a card.',
    type: ConfigAnswer,
    required: false,
  })
  readonly card?: ConfigAnswer;
}

/** A card payment that was charged, or that anti-fraud is still reviewing. */
export class SessionCardAnswer {
  @OrderId()
  readonly order_id: number;

  @Status()
  readonly status: string;

  @Cents({ description: 'The charged total, with interest.', example: 16310 })
  readonly total_value: number;
}

/** A Pix of a session. */
export class SessionPixAnswer extends OpenPixAnswer {
  @OrderId()
  readonly order_id: number;
}

/** A boleto of a session. */
export class SessionBoletoAnswer extends OpenBoletoAnswer {
  @OrderId()
  readonly order_id: number;
}
