import { ApiProperty } from '@nestjs/swagger';
import { ERROR_CODES } from '../errors/error-codes';
import { openEnum } from './open-enum';

/** The fault of one field of a request body, or of one query parameter. */
export class FieldFault {
  @ApiProperty({
    description: "The field's path in the body, or the name of the query parameter.",
    example: 'customer.email',
  })
  field: string;

  @ApiProperty({ description: 'The rule that the field violates.', example: 'email must be an email' })
  message: string;
}

/** The body of every error response. */
export class ErrorAnswer {
  @ApiProperty({ description: 'The error as a text.', example: 'invalid request body' })
  message: string;

  @ApiProperty({
    description: 'The stable name of the error, for programs. Later versions may add codes.',
    ...openEnum(ERROR_CODES.map(([code]) => code)),
    example: 'invalid_request_body',
  })
  code: string;

  @ApiProperty({
    description: 'The faults of the single fields or query parameters, at most 20, if those are not valid.',
    type: () => FieldFault,
    isArray: true,
    required: false,
  })
  errors?: FieldFault[];

  @ApiProperty({
    description: "The order's id at Appmax, if the error depends on the state of an order.",
    type: 'integer',
    example: 1773760001,
    required: false,
  })
  order_id?: number;

  @ApiProperty({
    description: 'The token of the order in `order_id`, if this request created that order.',
    example: '3f9a1c0d5e7b2a4868d1f0c9b7e6a5d43f9a1c0d5e7b2a4868d1f0c9b7e6a5d4',
    required: false,
  })
  order_token?: string;

  @ApiProperty({
    description: "The order's status, if the error depends on the state of an order.",
    example: 'aprovado',
    required: false,
  })
  status?: string;

  @ApiProperty({
    description:
      'The amount of the order that can still be refunded, in cents, if a refund is more than that.',
    type: 'integer',
    example: 5000,
    required: false,
  })
  refundable_cents?: number;

  @ApiProperty({
    description:
      'The total of a checkout session in the chosen installments, in cents, if the shopper saw another one.',
    type: 'integer',
    example: 16950,
    required: false,
  })
  total_value?: number;
}
