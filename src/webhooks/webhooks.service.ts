import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { OrdersService } from '../orders/orders.service';
import type { WebhookAnswer } from './delivery.dto';
import { statusOf } from './event-catalogue';
import { readPayload, type ReceivedEvent } from './payload-reader';

/** A webhook's body: parsed, and as it came. */
export interface Delivery {
  readonly body: unknown;
  readonly text: string;
}

/** Receives webhooks: what is answered with 200 is on disk, and what changes an order does so once. */
@Injectable()
export class WebhooksService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly orders: OrdersService,
  ) {}

  /**
   * Stores an event and applies it to its order, in one transaction. An event whose order is not here yet is stored
   * and waits for it.
   *
   * @throws ApiError 400 when the body is no event.
   */
  async receive({ body, text }: Delivery): Promise<WebhookAnswer> {
    const event = readPayload(body);
    const stored = await this.dataSource.transaction((manager) => this.storeAndApply(manager, event, text));
    if (stored) return { message: 'ok' };
    await this.storeRepeat(event, text);
    return { message: 'already processed' };
  }

  /** @returns false when an event of this name has been stored for this order before: the unique index decides. */
  private async storeAndApply(
    manager: EntityManager,
    received: ReceivedEvent,
    text: string,
  ): Promise<boolean> {
    const { event, eventType, appmaxOrderId } = received;
    const rows = await manager.query<{ id: number }[]>(
      `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed, processed_at)
       VALUES ($1, $2, $3, $4, true, now())
       ON CONFLICT (appmax_order_id, event) WHERE error_message IS NULL DO NOTHING
       RETURNING id`,
      [event, eventType, appmaxOrderId, text],
    );
    const [row] = rows;
    if (row === undefined) return false;
    const status = statusOf(event);
    if (status === undefined || appmaxOrderId === null) return true;
    const known = await this.orders.applyEvent(manager, { appmaxOrderId, status });
    if (!known) {
      await manager.query('UPDATE webhook_events SET processed = false, processed_at = NULL WHERE id = $1', [
        row.id,
      ]);
    }
    return true;
  }

  /** A repeat is kept as well, marked processed, and names the event that it repeats. */
  private async storeRepeat({ event, eventType, appmaxOrderId }: ReceivedEvent, text: string): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO webhook_events (event, event_type, appmax_order_id, payload, processed, processed_at, error_message)
       VALUES ($1::varchar, $2, $3, $4, true, now(), 'repeats webhook event ' || COALESCE(
         (SELECT id::text FROM webhook_events WHERE event = $1::varchar AND appmax_order_id = $3 AND error_message IS NULL), '?'))`,
      [event, eventType, appmaxOrderId, text],
    );
  }
}
