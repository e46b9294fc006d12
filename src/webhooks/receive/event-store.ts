import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { queryRows } from '../../database';
import type { ReceivedEvent } from './payload-reader';

/** An event to store. */
export interface NewEvent {
  readonly received: ReceivedEvent;
  /** The body as received. */
  readonly text: string;
  /** False if it must be queued. */
  readonly processed: boolean;
}

/** A repeat that is received this much later may be a new event with the same name. */
const LATE_REPEAT_SECONDS = 60;

/** Stores received webhooks in `webhook_events`. */
@Injectable()
export class EventStore {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Stores an event if it is the first with its name for its order. If it is not processed, a trigger queues it.
   *
   * @returns false if there is one already. The unique index decides, also between simultaneous copies.
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
   * Stores a repeat as processed, with the id of the event that it repeats.
   *
   * @returns true if it came more than 60 s after that event. Then it may be a new event with the same name, such as
   * the expiry of a second Pix.
   */
  async storeRepeat({ event, eventType, appmaxOrderId }: ReceivedEvent, text: string): Promise<boolean> {
    const [row] = await queryRows<{ is_late: boolean | null }>(
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
       SELECT (SELECT created_at < now() - interval '${LATE_REPEAT_SECONDS} seconds' FROM first) AS is_late`,
      [event, eventType, appmaxOrderId, text],
    );
    return row?.is_late === true;
  }
}
