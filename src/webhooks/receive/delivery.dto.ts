import { ApiProperty } from '@nestjs/swagger';

/** The body of a webhook, for the OpenAPI document. Only `event` is required; the whole body is stored. */
export class DeliveryDto {
  @ApiProperty({ description: 'The name of the event.', minLength: 1, example: 'OrderPaid' })
  event: string;

  @ApiProperty({ description: 'The category of the event.', example: 'order', required: false })
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

/** The answer to a webhook that is stored. */
export class WebhookAnswer {
  @ApiProperty({
    description: '`already processed` if an event with this name and order is stored already.',
    type: 'string',
    enum: ['ok', 'already processed'],
    example: 'ok',
  })
  readonly message: 'ok' | 'already processed';
}
