import { ApiProperty } from '@nestjs/swagger';

/** A webhook, for the API's document: nothing of it but `event` is required, and all of it is kept. */
export class DeliveryDto {
  @ApiProperty({ description: 'What happened.', minLength: 1, example: 'OrderPaid' })
  event: string;

  @ApiProperty({ description: 'What it happened to.', example: 'order', required: false })
  event_type?: string;

  @ApiProperty({
    description: "The order, in any of Appmax's content models.",
    type: 'object',
    additionalProperties: true,
    example: { order_id: 1773760001, status: 'aprovado' },
    selfRequired: false,
  })
  data?: unknown;
}

/** A webhook was taken: it is stored. */
export class WebhookAnswer {
  @ApiProperty({
    description: '`already processed` where an event of this name was applied to its order before.',
    type: 'string',
    enum: ['ok', 'already processed'],
    example: 'ok',
  })
  readonly message: 'ok' | 'already processed';
}
