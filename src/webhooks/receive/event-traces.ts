import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { isTracing } from '../../common/tracing/spans';
import type { ReceivedEvent } from './payload-reader';

/** A stored event, and the trace of its webhook. */
interface StoredEvent {
  readonly received: ReceivedEvent;
  readonly traceparent: string | null;
}

/** An event whose webhook is in a trace. */
interface TracedEvent {
  readonly event: string;
  readonly orderId: number;
  readonly traceparent: string;
}

/** Saves the traces of webhooks with what they have caused: their queued events, and the syncs of late repeats. */
@Injectable()
export class EventTraces {
  private readonly logger = new Logger('Tracing');

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Saves the traces of a stored group. Never throws: the webhooks are committed. */
  async save(
    events: readonly StoredEvent[],
    outcomes: readonly ('first' | 'repeat' | undefined)[],
  ): Promise<void> {
    if (!isTracing()) return;
    const tracedOf = (outcome: 'first' | 'repeat'): TracedEvent[] =>
      events.flatMap(({ received: { event, appmaxOrderId: orderId }, traceparent }, index) =>
        outcomes[index] === outcome && orderId !== null && traceparent !== null
          ? [{ event, orderId, traceparent }]
          : [],
      );
    try {
      await this.saveQueued(tracedOf('first'));
      await this.saveSyncs(tracedOf('repeat'));
    } catch (error) {
      this.logger.warn({ err: error }, 'The traces of webhooks could not be saved');
    }
  }

  private async saveQueued(events: readonly TracedEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.dataSource.query(
      `WITH given AS (SELECT * FROM unnest($1::varchar[], $2::integer[], $3::text[]) AS g (event, order_id, traceparent)),
       locked AS (
         SELECT a.event_id, g.traceparent FROM given g
         JOIN webhook_events e ON e.appmax_order_id = g.order_id AND e.event = g.event AND e.error_message IS NULL
         JOIN webhook_attempts a ON a.event_id = e.id ORDER BY a.event_id FOR UPDATE OF a)
       UPDATE webhook_attempts a SET traceparent = locked.traceparent FROM locked WHERE a.event_id = locked.event_id`,
      [
        events.map(({ event }) => event),
        events.map(({ orderId }) => orderId),
        events.map(({ traceparent }) => traceparent),
      ],
    );
  }

  private async saveSyncs(events: readonly TracedEvent[]): Promise<void> {
    // One of each order: a statement must not change a row twice.
    const byOrder = new Map(events.map(({ orderId, traceparent }) => [orderId, traceparent]));
    if (byOrder.size === 0) return;
    await this.dataSource.query(
      `WITH given AS (SELECT * FROM unnest($1::integer[], $2::text[]) AS g (order_id, traceparent)),
       locked AS (
         SELECT r.appmax_order_id, g.traceparent FROM order_refreshes r JOIN given g ON g.order_id = r.appmax_order_id
         WHERE r.requested_at IS NOT NULL AND r.reason = 'repeat' ORDER BY r.appmax_order_id FOR UPDATE OF r)
       UPDATE order_refreshes r SET traceparent = locked.traceparent FROM locked
       WHERE r.appmax_order_id = locked.appmax_order_id`,
      [[...byOrder.keys()], [...byOrder.values()]],
    );
  }
}
