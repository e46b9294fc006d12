import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Conditions } from '../../common/listing/conditions';
import { queryRows } from '../../database';
import { SyncQueue } from '../../orders';
import { eventNotFound } from '../errors';
import { statusOf } from '../events/event-catalogue';
import { isRepeat, type Outcome, outcomeConditions, outcomeSql } from '../events/event-outcome';
import { EventProcessor } from '../process/event-processor';
import { EventList, ofShop, parseEventId } from './event-list';
import type { ReplayedEvent } from './replayed-event';

interface Row {
  readonly id: number;
  readonly event: string;
  readonly order_id: number | null;
  readonly processed: boolean;
  readonly outcome: Outcome;
  readonly error_message: string | null;
  readonly last_error: string | null;
}

/** The stored events that an operator wants to process again. */
export interface EventSelection {
  /** The earliest created_at, inclusive. */
  readonly since: Date;
  readonly event?: string | undefined;
  readonly orderId?: number | undefined;
  readonly outcome?: Outcome | undefined;
  /** The only shop whose events are selected; undefined: all. */
  readonly shop?: string | undefined;
  /** The id of the last event that was replayed; only greater ids are selected. */
  readonly after: number;
}

/** A batch of events that were processed again, and how many follow. */
export interface ReplayedBatch {
  readonly replayed: ReplayedEvent[];
  /** The id of the last event; null if none follows. */
  readonly next_after: number | null;
  readonly remaining: number;
}

/** The number at which the count of the remaining events stops. */
const COUNTED = 10_000;

/** Processes stored events again. */
@Injectable()
export class EventReplay {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly processor: EventProcessor,
    private readonly syncQueue: SyncQueue,
    private readonly events: EventList,
  ) {}

  /**
   * Processes an event again like a new one: with zero attempts and 72 hours to wait. If its order is known, a sync is
   * requested, too; that is all for an event that asserts no status.
   *
   * @param id the text of the path.
   * @param shop the only shop whose events are found; undefined: all.
   * @throws ApiError 400 `invalid id`, 404 `webhook event not found`.
   */
  async replay(id: string, shop?: string): Promise<ReplayedEvent> {
    if (shop !== undefined) await this.events.detail(id, shop);
    const event = await this.findCountingEvent(parseEventId(id));
    if (event === undefined) throw eventNotFound();
    return toAnswer((await this.process(event)) ?? event);
  }

  /** Returns the ids of events, oldest first, without repeats. */
  async select(selection: EventSelection, limit: number): Promise<number[]> {
    const conditions = selected(selection);
    const rows = await queryRows<{ id: number }>(
      this.dataSource,
      `SELECT e.id FROM webhook_events e ${conditions.sql} ORDER BY e.id LIMIT ${limit}`,
      conditions.parameters,
    );
    return rows.map(({ id }) => id);
  }

  /** Returns the number of selected events. @param maximum the number at which the count stops. */
  async count(selection: EventSelection, maximum?: number): Promise<number> {
    const conditions = selected(selection);
    const [row] = await queryRows<{ count: number }>(
      this.dataSource,
      `SELECT count(*) AS count FROM (
         SELECT FROM webhook_events e ${conditions.sql} LIMIT ${maximum ?? 'ALL'}) selected`,
      conditions.parameters,
    );
    return row?.count ?? 0;
  }

  /** Processes the next events of a selection again, oldest first. @param limit the events that run at once. */
  async replayNext(selection: EventSelection, limit: number): Promise<ReplayedBatch> {
    const ids = await this.select(selection, limit);
    const replayed = await Promise.all(ids.map((id) => this.replay(String(id))));
    const last = ids.at(-1);
    const remaining =
      last === undefined || ids.length < limit ? 0 : await this.count({ ...selection, after: last }, COUNTED);
    return { replayed, next_after: remaining === 0 ? null : (last ?? null), remaining };
  }

  private async process({ id, event, order_id: orderId }: Row): Promise<Row | undefined> {
    if (orderId === null) return undefined;
    await this.syncQueue.request({ orderId, reason: 'admin' });
    if (statusOf(event) === undefined) return undefined;
    // A trigger queues it again, with zero attempts and the current time as queued_at.
    await this.dataSource.query(
      `WITH unapplied AS (DELETE FROM unapplied_webhook_events WHERE event_id = $1)
       UPDATE webhook_events SET processed = false, processed_at = NULL, error_message = NULL WHERE id = $1`,
      [id],
    );
    await this.processor.processNow(orderId);
    return this.find(id);
  }

  /** Finds the event or, if another event with its name counts for the order, that one: only one may count. */
  private async findCountingEvent(id: number): Promise<Row | undefined> {
    const [row] = await queryRows<{ id: number }>(
      this.dataSource,
      `SELECT COALESCE(counting.id, e.id) AS id FROM webhook_events e
       LEFT JOIN webhook_events counting ON counting.event = e.event AND counting.appmax_order_id = e.appmax_order_id
         AND counting.error_message IS NULL
       WHERE e.id = $1`,
      [id],
    );
    return row === undefined ? undefined : this.find(row.id);
  }

  private async find(id: number): Promise<Row | undefined> {
    const [row] = await queryRows<Row>(
      this.dataSource,
      `SELECT e.id, e.event, e.appmax_order_id AS order_id, e.processed, ${outcomeSql('e')} AS outcome, e.error_message, a.last_error
       FROM webhook_events e LEFT JOIN webhook_attempts a ON a.event_id = e.id WHERE e.id = $1`,
      [id],
    );
    return row;
  }
}

/** Returns the conditions of a selection. An outcome is compared as the list does it, by an index. */
function selected({ since, event, orderId, after, outcome, shop }: EventSelection): Conditions {
  return new Conditions()
    .where(since, (value) => `e.created_at >= ${value}`)
    .where(event, (value) => `e.event = ${value}`)
    .where(orderId, (value) => `e.appmax_order_id = ${value}`)
    .where(after, (value) => `e.id > ${value}`)
    .where(shop, ofShop)
    .and(`(e.error_message IS NULL OR NOT ${isRepeat('e')})`)
    .and(outcome === undefined ? undefined : outcomeConditions('e')[outcome]);
}

function toAnswer({
  id,
  event,
  order_id,
  processed,
  outcome,
  error_message,
  last_error,
}: Row): ReplayedEvent {
  return { id, event, order_id, outcome, reason: error_message ?? (processed ? null : last_error) };
}
