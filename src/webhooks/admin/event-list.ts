import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Conditions, olderThan } from '../../common/listing/conditions';
import { isoTime, type Page, pageOf, type PageRequest, rowsToRead } from '../../common/listing/page';
import { CONFIG, type Config } from '../../config';
import { queryRows } from '../../database';
import { eventNotFound, invalidEventId } from '../errors';
import { statusOf } from '../events/event-catalogue';
import { type Outcome, outcomeConditions, outcomeSql } from '../events/event-outcome';
import type {
  ConcludedEvent,
  WebhookEventConclusion,
  WebhookEventDetail,
  WebhookEventSummary,
} from './event-answers';
import { verificationOf } from './event-verification';
import { maskMerchant } from './mask-merchant';
import { maskShopper } from './mask-shopper';

/** The filters of the list. `from` (inclusive) and `to` (exclusive) apply to created_at. */
export interface EventListRequest extends PageRequest {
  readonly event?: string | undefined;
  readonly order_id?: number | undefined;
  /** The only shop whose events are listed. */
  readonly external_key?: string | undefined;
  readonly processed?: boolean | undefined;
  readonly outcome?: Outcome | undefined;
  /** True for events that were set aside, or wait after a failed attempt. */
  readonly problems?: boolean | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

type EventRow = Omit<WebhookEventSummary, 'processed_at' | 'created_at'> & {
  readonly processed_at: Date | null;
  readonly created_at: Date | null;
};

/** All columns except the payload: a page has up to 200 events. */
const COLUMNS = `e.id, e.event, e.event_type, e.appmax_order_id AS order_id, e.processed, e.processed_at,
  ${outcomeSql('e')} AS outcome, e.error_message, e.created_at`;

type ConcludedRow = EventRow &
  Omit<WebhookEventConclusion, 'asserted_status' | 'next_attempt_at' | 'verification'> & {
    readonly next_attempt_at: Date | null;
    readonly order_status: string | null;
    readonly answered_at: Date | null;
  };

const CONCLUSION = `u.repeats_event_id, COALESCE(a.attempts, 0) AS attempts, a.last_error, a.next_attempt_at,
    o.status AS order_status, r.answered_at
  FROM webhook_events e LEFT JOIN unapplied_webhook_events u ON u.event_id = e.id
  LEFT JOIN webhook_attempts a ON a.event_id = e.id AND NOT e.processed
  LEFT JOIN orders o ON o.appmax_order_id = e.appmax_order_id
  LEFT JOIN order_refreshes r ON r.appmax_order_id = e.appmax_order_id`;

const CONDITIONS = outcomeConditions('e');

/**
 * SQL: the events that were set aside, or wait after a failed attempt. The array is read first, by its own indexes, so
 * that the list costs as much as there are problems, and not as there are events.
 */
const HAS_PROBLEM = `e.id = ANY (ARRAY(
  SELECT u.event_id FROM unapplied_webhook_events u WHERE u.reason = 'set_aside'
  UNION ALL
  SELECT a.event_id FROM webhook_attempts a WHERE a.next_attempt_at IS NOT NULL AND a.last_error IS NOT NULL))`;

/** Lists the stored webhook events for operators. */
@Injectable()
export class EventList {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {}

  /** Returns a page of events, newest first. @param shop the only shop whose events are listed; undefined: all. */
  async list(request: EventListRequest, shop?: string): Promise<Page<WebhookEventSummary>> {
    const { processed, outcome } = request;
    const conditions = new Conditions()
      .where(shop, ofShop)
      .where(request.external_key, ofShop)
      .where(request.event, (value) => `e.event = ${value}`)
      .where(request.order_id, (value) => `e.appmax_order_id = ${value}`)
      .and(processed === undefined ? undefined : processed ? 'e.processed' : 'NOT e.processed')
      .and(outcome === undefined ? undefined : CONDITIONS[outcome])
      .and(request.problems === true ? HAS_PROBLEM : undefined)
      .where(request.from, (value) => `e.created_at >= ${value}`)
      .where(request.to, (value) => `e.created_at < ${value}`)
      .where(request.cursor, (value) => olderThan('webhook_events', value, 'e'));
    const rows = await queryRows<EventRow>(
      this.dataSource,
      `SELECT ${COLUMNS} FROM webhook_events e ${conditions.sql}
       ORDER BY e.created_at DESC, e.id DESC LIMIT ${rowsToRead(request)}`,
      conditions.parameters,
    );
    return pageOf(rows, request, toSummary);
  }

  /**
   * Returns one event with its payload.
   *
   * @param id the text of the path.
   * @param shop the only shop whose events are found; undefined: all.
   * @param showsPersonalData false to mask the personal data of shoppers.
   * @throws ApiError 400 `invalid id`, 404 `webhook event not found`.
   */
  async detail(id: string, shop?: string, showsPersonalData = true): Promise<WebhookEventDetail> {
    const conditions = new Conditions()
      .where(parseEventId(id), (value) => `e.id = ${value}`)
      .where(shop, ofShop);
    const [row] = await queryRows<ConcludedRow & { readonly payload: unknown }>(
      this.dataSource,
      `SELECT ${COLUMNS}, e.payload, ${CONCLUSION} ${conditions.sql}`,
      conditions.parameters,
    );
    if (row === undefined) throw eventNotFound();
    const payload = maskMerchant(row.payload);
    return { ...this.conclude(row), payload: showsPersonalData ? payload : maskShopper(payload) };
  }

  /** Returns the newest events of an order, newest first. @param orderId the id at Appmax. */
  async ofOrder(orderId: number, limit: number): Promise<ConcludedEvent[]> {
    const rows = await queryRows<ConcludedRow>(
      this.dataSource,
      `SELECT ${COLUMNS}, ${CONCLUSION} WHERE e.appmax_order_id = $1 ORDER BY e.created_at DESC, e.id DESC LIMIT $2`,
      [orderId, limit],
    );
    return rows.map((row) => this.conclude(row));
  }

  private conclude(row: ConcludedRow): ConcludedEvent {
    const { repeats_event_id, attempts, last_error, next_attempt_at } = row;
    return {
      ...toSummary(row),
      conclusion: {
        asserted_status: statusOf(row.event) ?? null,
        repeats_event_id,
        verification: verificationOf(row, this.config.webhookVerification === 'appmax'),
        attempts,
        last_error,
        next_attempt_at: isoTime(next_attempt_at),
      },
    };
  }
}

/** SQL: the events of a shop's orders. Other events name no shop that could be believed. */
export const ofShop = (parameter: string): string =>
  `EXISTS (SELECT FROM orders o WHERE o.appmax_order_id = e.appmax_order_id
    AND o.installation_id = (SELECT i.id FROM installations i WHERE i.external_key = ${parameter}))`;

function toSummary(row: EventRow): WebhookEventSummary {
  const { id, event, event_type, order_id, processed, outcome, error_message } = row;
  return {
    id,
    event,
    event_type,
    order_id,
    processed,
    processed_at: isoTime(row.processed_at),
    outcome,
    error_message,
    created_at: isoTime(row.created_at),
  };
}

/**
 * Parses the id of an event from a path. It is our own id, not one of Appmax.
 *
 * @throws ApiError 400 `invalid id`.
 */
export function parseEventId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw invalidEventId();
  return Number(text);
}
