import { ApiProperty } from '@nestjs/swagger';

/** What is wrong with one field of a body. */
export class FieldFault {
  @ApiProperty({ description: "The field's path in the body.", example: 'customer.email' })
  field: string;

  @ApiProperty({ description: 'What is wrong with it.', example: 'email must be an email' })
  message: string;
}

/** The body of every answer that is not a success. */
export class ErrorAnswer {
  @ApiProperty({ description: 'What went wrong, in words.', example: 'invalid request body' })
  message: string;

  @ApiProperty({
    description: 'What is wrong field by field, where that is known.',
    type: () => FieldFault,
    isArray: true,
    required: false,
  })
  errors?: FieldFault[];

  @ApiProperty({
    description: "The order's id at Appmax, where the answer is about the state of one.",
    type: 'integer',
    example: 1773760001,
    required: false,
  })
  order_id?: number;

  @ApiProperty({
    description: "The order's status, where the answer is about the state of one.",
    example: 'aprovado',
    required: false,
  })
  status?: string;

  @ApiProperty({
    description: 'How much of the order may still be refunded, in cents, where a refund would pass that.',
    type: 'integer',
    example: 5000,
    required: false,
  })
  refundable_cents?: number;
}
