import { ApiProperty } from '@nestjs/swagger';
import { PAYMENT_METHODS, type PaymentMethod } from '../../appmax';
import { Instant } from '../../common/openapi/fields';
import { field } from '../../common/validation/field';
import { Cents, OneOf, Text } from '../../common/validation/validators';
import { type SessionState, STATES } from './session';

export const OptionalOrderId = (): PropertyDecorator =>
  ApiProperty({
    description: "The order's id at Appmax: that of the payment, else of the last attempt.",
    type: 'integer',
    required: false,
    example: 1773760001,
  });

export const OptionalStatus = (): PropertyDecorator =>
  ApiProperty({
    description: "The order's status.",
    type: 'string',
    required: false,
    example: 'aprovado',
  });

export const Method = (): PropertyDecorator =>
  OneOf(PAYMENT_METHODS, { description: 'The method that was tried last.', example: 'pix', optional: true });

export const State = (): PropertyDecorator =>
  OneOf(STATES, {
    description: '`completed`: paid. `expired`: it takes no new payment.',
    example: 'open',
  });

export const SessionId = (): PropertyDecorator =>
  ApiProperty({
    description: 'The id of the session. Who knows it can see and pay the session.',
    example: 'cs_0Yb2wqk3mXv8tQn5rJ7hLd1sZc9pGf4aEu6iRo0WxKy',
  });

/** A session, for the shop. */
export class SessionAnswer {
  @SessionId()
  readonly id: string;

  @ApiProperty({
    description: 'The payment page for the shopper.',
    format: 'uri',
    example: 'https://pay.example.com/pay/cs_0Yb2wqk3mXv8tQn5rJ7hLd1sZc9pGf4aEu6iRo0WxKy',
  })
  readonly url: string;

  @State()
  readonly status: SessionState;

  @Cents({ description: 'Items plus shipping minus the discount, without interest.', example: 15990 })
  readonly total_value: number;

  @Text(64, { description: "The shop's own name for the sale.", example: 'order-4711', optional: true })
  readonly reference?: string;

  @OptionalOrderId()
  readonly order_id?: number;

  @OptionalStatus()
  readonly order_status?: string;

  @Method()
  readonly payment_method?: PaymentMethod;

  @Instant('When it expires.')
  readonly expires_at: string;

  @Instant('When it was made.')
  readonly created_at: string;

  @field(
    { type: 'object', additionalProperties: { type: 'string' } },
    { description: 'The texts that the shop gave.', example: { cart: 'c-81' }, optional: true },
  )
  readonly metadata?: Readonly<Record<string, string>>;
}
