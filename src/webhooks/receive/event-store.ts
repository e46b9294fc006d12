import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { queryRows } from '../../database';
import type { ReceivedEvent } from './payload-reader';

/** An event to store, and whether that is all there is to do about it. */
export interface NewEvent {
  readonly received: ReceivedEvent;
  /** The body as it came. */
  readonly text: string;
  readonly processed: boolean;
}

/** A repeat comes so much later than what it repeats that it may tell of something new, in seconds. */
const NEWS_AFTER = 60;

/** The rows of webhook_events, as they are received. */
@Injectable()
export class EventStore {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Stores an event that is the first of its name for its order; one that is not processed is in the queue by a trigger.
   *
   * @returns false when there is one already: the unique index decides, also between copies that come at once.
   */
  async store(
    { received, text, processed }: NewEvent,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    const { event, eventType, appmaxOrderId } = received;
    const rows = await queryRows<unknown>(
      manager,
      `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed, processed_at)
       VALUES ($1, $2, $3, $4, $5, CASE WHEN $5 THEN now() END)
       ON CONFLICT (appmax_order_id, event) WHERE error_message IS NULL DO NOTHING
       RETURNING id`,
      [event, eventType, appmaxOrderId, text, processed],
    );
    return rows.length === 1;
  }

  /**
   * Stores a repeat: processed, and naming the event that it repeats.
   *
   * @returns whether it may be news: a second Pix that expires bears the same name as the first, some time later.
   */
  async storeRepeat({ event, eventType, appmaxOrderId }: ReceivedEvent, text: string): Promise<boolean> {
    const [row] = await queryRows<{ news: boolean | null }>(
      this.dataSource,
      `WITH first AS (
         SELECT id, created_at FROM webhook_events
         WHERE event = $1::varchar AND appmax_order_id = $3 AND error_message IS NULL),
       repeat AS (
       INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed, processed_at, error_message)
       VALUES ($1::varchar, $2, $3, $4, true, now(),
               'repeats webhook event ' || COALESCE((SELECT id::text FROM first), '?'))
       RETURNING id),
       unapplied AS (
         INSERT INTO unapplied_webhook_events (event_id, reason, repeats_event_id)
         SELECT repeat.id, 'repeated', (SELECT id FROM first) FROM repeat)
       SELECT (SELECT created_at < now() - interval '${NEWS_AFTER} seconds' FROM first) AS news`,
      [event, eventType, appmaxOrderId, text],
    );
    return row?.news === true;
  }
}
