import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type SelectQueryBuilder } from 'typeorm';
import { isoTime, pageOf, rowsToRead, type Page, type PageRequest } from '../../common/listing/page';
import { Instant, RowId } from '../../common/openapi/properties';
import { OneOf } from '../../common/validation/validators';
import { maskMerchant } from './mask-merchant';
import { OUTCOME_CONDITIONS, outcomeOf, OUTCOMES, type Outcome } from '../events/event-outcome';
import { WebhookEvent } from '../events/webhook-event.entity';
import { eventNotFound, parseEventId } from './event-id';

/** An event in a list. `order_id` is Appmax's, null where the event is about none. */
export class WebhookEventSummary {
  @RowId()
  id: number;

  @ApiProperty({ description: 'What happened.', example: 'OrderPaid' })
  event: string;

  @ApiProperty({ description: 'What it happened to, where Appmax said so.', example: 'order' })
  event_type: string;

  @ApiProperty({
    description: "The order's id at Appmax; null where the event is about none.",
    type: 'integer',
    nullable: true,
    example: 1773760001,
  })
  order_id: number | null;

  @ApiProperty({ description: 'Whether nothing more is to be done with it.', example: true })
  processed: boolean;

  @Instant('Since when nothing more is to be done with it.', { nullable: true })
  processed_at: string | null;

  @OneOf(OUTCOMES, { description: 'What became of it.', example: 'applied' })
  outcome: Outcome;

  @ApiProperty({ description: 'Why it was not applied.', type: 'string', nullable: true, example: null })
  error_message: string | null;

  @Instant('When it came.', { nullable: true })
  created_at: string | null;
}

/** An event with what Appmax sent. */
export class WebhookEventDetail extends WebhookEventSummary {
  @ApiProperty({
    description: 'What Appmax sent.',
    type: 'object',
    additionalProperties: true,
    example: { event: 'OrderPaid', data: { order_id: 1773760001 } },
  })
  payload: unknown;
}

/** `from` is the first instant of created_at that counts, `to` the first that doesn't. */
export interface WebhookEventListRequest extends PageRequest {
  readonly event?: string | undefined;
  readonly order_id?: number | undefined;
  readonly processed?: boolean | undefined;
  readonly outcome?: Outcome | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** All but the payload: a page of 200 would carry 200 of them. */
const LISTED = [
  'id',
  'event',
  'eventType',
  'appmaxOrderId',
  'processed',
  'processedAt',
  'errorMessage',
  'createdAt',
].map((column) => `e.${column}`);

/** What comes after the row that a cursor names; a row never changes its place. */
const OLDER = '(e.createdAt, e.id) < ((SELECT created_at FROM webhook_events WHERE id = :cursor), :cursor)';

/** The webhooks that came, for an operator to look through. */
@Injectable()
export class WebhookEventList {
  constructor(@InjectRepository(WebhookEvent) private readonly events: Repository<WebhookEvent>) {}

  /** Newest first. */
  async list(request: WebhookEventListRequest): Promise<Page<WebhookEventSummary>> {
    return pageOf(await this.query(request).getMany(), request, toSummary);
  }

  /**
   * @param id as it stands in the path.
   * @throws ApiError 400 `invalid id`, 404 `webhook event not found`.
   */
  async detail(id: string): Promise<WebhookEventDetail> {
    const event = await this.events.findOneBy({ id: parseEventId(id) });
    if (event === null) throw eventNotFound();
    return { ...toSummary(event), payload: maskMerchant(event.payload) };
  }

  private query(request: WebhookEventListRequest): SelectQueryBuilder<WebhookEvent> {
    const { event, order_id: orderId, processed, outcome, from, to, cursor } = request;
    const query = this.events
      .createQueryBuilder('e')
      .select(LISTED)
      .orderBy('e.createdAt', 'DESC')
      .addOrderBy('e.id', 'DESC')
      .limit(rowsToRead(request));
    if (event !== undefined) query.andWhere('e.event = :event', { event });
    if (orderId !== undefined) query.andWhere('e.appmaxOrderId = :orderId', { orderId });
    if (processed !== undefined) query.andWhere(processed ? 'processed' : 'NOT processed');
    if (outcome !== undefined) query.andWhere(OUTCOME_CONDITIONS[outcome]);
    if (from !== undefined) query.andWhere('e.createdAt >= :from', { from });
    if (to !== undefined) query.andWhere('e.createdAt < :to', { to });
    if (cursor !== undefined) query.andWhere(OLDER, { cursor });
    return query;
  }
}

function toSummary(row: WebhookEvent): WebhookEventSummary {
  const { id, event, eventType, appmaxOrderId, processed, errorMessage } = row;
  return {
    id,
    event,
    event_type: eventType,
    order_id: appmaxOrderId,
    processed,
    processed_at: isoTime(row.processedAt),
    outcome: outcomeOf(row),
    error_message: errorMessage,
    created_at: isoTime(row.createdAt),
  };
}
