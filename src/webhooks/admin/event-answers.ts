import { ApiProperty } from '@nestjs/swagger';
import { Instant, RowId } from '../../common/openapi/fields';
import { OneOf } from '../../common/validation/validators';
import { type Outcome, OUTCOMES } from '../events/event-outcome';
import { type Verification, VERIFICATIONS } from './event-verification';

/** An event in a list. */
export class WebhookEventSummary {
  @RowId()
  id: number;

  @ApiProperty({ description: 'The name of the event.', example: 'OrderPaid' })
  event: string;

  @ApiProperty({ description: 'The category of the event; empty if Appmax sent none.', example: 'order' })
  event_type: string;

  @ApiProperty({
    description: "The order's id at Appmax; null if the event concerns no order.",
    type: 'integer',
    nullable: true,
    example: 1773760001,
  })
  order_id: number | null;

  @ApiProperty({ description: 'True if it was applied, is a repeat, or was set aside.', example: true })
  processed: boolean;

  @Instant('When `processed` became true.', { nullable: true })
  processed_at: string | null;

  @OneOf(OUTCOMES, { description: 'Its outcome.', example: 'applied' })
  outcome: Outcome;

  @ApiProperty({ description: 'Why it was not applied.', type: 'string', nullable: true, example: null })
  error_message: string | null;

  @Instant('When it was received.', { nullable: true })
  created_at: string | null;
}

/** The conclusion from an event, and the reason if it waits or was not applied. */
export class WebhookEventConclusion {
  @ApiProperty({
    description: "The order's status that the event asserts; null if it asserts none.",
    type: 'string',
    nullable: true,
    example: 'aprovado',
  })
  asserted_status: string | null;

  @ApiProperty({
    description: 'The id of the event that it repeats.',
    type: 'integer',
    nullable: true,
    example: null,
  })
  repeats_event_id: number | null;

  @OneOf(VERIFICATIONS, {
    description:
      '`confirmed`: the order has this status or a later one at Appmax. `not_confirmed`: Appmax was read after the event, and does not say so. `not_asked`: Appmax has not answered since the event. `not_needed`: the event asserts no status. `off`: webhooks are not verified.',
    example: 'confirmed',
  })
  verification: Verification;

  @ApiProperty({ description: 'The attempts to apply it while it waits.', type: 'integer', example: 0 })
  attempts: number;

  @ApiProperty({ description: 'Why it still waits.', type: 'string', nullable: true, example: null })
  last_error: string | null;

  @Instant('When it is tried again.', { nullable: true })
  next_attempt_at: string | null;
}

/** An event of an order, with what was concluded from it. */
export class ConcludedEvent extends WebhookEventSummary {
  @ApiProperty({ type: WebhookEventConclusion, description: 'What was concluded from it.' })
  conclusion: WebhookEventConclusion;
}

/** An event with its payload. */
export class WebhookEventDetail extends ConcludedEvent {
  @ApiProperty({
    description:
      'The body that Appmax sent. Personal data of shoppers are masked for a key without `operate`. Later it is reduced to what the service needs (`reduced` is true).',
    type: 'object',
    additionalProperties: true,
    example: { event: 'OrderPaid', data: { order_id: 1773760001 } },
  })
  payload: unknown;
}
