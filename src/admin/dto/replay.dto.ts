import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { parseInstant } from '../../common/listing/instant';
import { field } from '../../common/validation/field';
import { AppmaxId, INT32_MAX, OneOf, Text, WholeNumber } from '../../common/validation/validators';
import { type Outcome, OUTCOMES, ReplayedEvent } from '../../webhooks';

/** The events that one request replays at once: each may read its order at Appmax. */
export const MAXIMUM_REPLAYS = 8;

/** The webhook events to process again. */
export class ReplayDto {
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? (parseInstant(value) ?? value) : value,
  )
  @field(
    { type: 'string', anyOf: [{ format: 'date' }, { format: 'date-time' }] },
    { description: 'Earliest `created_at`, inclusive.', example: '2026-01-31' },
    ValidateBy({
      name: 'instant',
      validator: {
        validate: (value: unknown) => value instanceof Date,
        defaultMessage: () => '$property must be a day or an instant',
      },
    }),
  )
  since: Date;

  @Text(64, { description: 'The name of the events.', example: 'OrderPaid', optional: true })
  event?: string;

  @AppmaxId({ description: "The order's id at Appmax.", example: 1773760001, optional: true })
  order_id?: number;

  @OneOf(OUTCOMES, { description: 'The outcome of the events.', example: 'set_aside', optional: true })
  outcome?: Outcome;

  @WholeNumber(0, INT32_MAX, {
    description: '`next_after` of the previous answer.',
    example: 0,
    optional: true,
  })
  after?: number;

  @WholeNumber(1, MAXIMUM_REPLAYS, {
    description: `The number of events to process. Default: ${MAXIMUM_REPLAYS}.`,
    example: MAXIMUM_REPLAYS,
    optional: true,
  })
  limit?: number;
}

/** The events that a request has processed again. */
export class ReplayedBatchAnswer {
  @ApiProperty({ type: ReplayedEvent, isArray: true, description: 'The processed events, oldest first.' })
  replayed: ReplayedEvent[];

  @ApiProperty({
    description: '`after` of the next request; null if no event is left.',
    type: 'integer',
    nullable: true,
    example: null,
  })
  next_after: number | null;

  @ApiProperty({ description: 'The events that are left, at most 10,000.', type: 'integer', example: 0 })
  remaining: number;
}
