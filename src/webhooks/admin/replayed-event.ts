import { ApiProperty } from '@nestjs/swagger';
import { type Outcome, OUTCOMES } from '../events/event-outcome';

/** An event that was processed again. */
export class ReplayedEvent {
  @ApiProperty({
    description:
      'The event that was processed: the requested one or, if that is a repeat, the one that it repeats.',
    type: 'integer',
    example: 42,
  })
  id: number;

  @ApiProperty({ description: 'The name of the event.', example: 'OrderPaid' })
  event: string;

  @ApiProperty({
    description: "The order's id at Appmax.",
    type: 'integer',
    nullable: true,
    example: 1773760001,
  })
  order_id: number | null;

  @ApiProperty({ description: 'Its outcome.', enum: OUTCOMES, example: 'applied' })
  outcome: Outcome;

  @ApiProperty({
    description: 'Why it waits or was set aside.',
    type: 'string',
    nullable: true,
    example: null,
  })
  reason: string | null;
}
