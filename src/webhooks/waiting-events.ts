import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { BackgroundLoop } from '../common/background-loop';
import { OrdersService } from '../orders/orders.service';
import { statusOf } from './event-catalogue';

const ROUND_MILLISECONDS = 1_000;
const BATCH = 200;
const PATIENCE_HOURS = 72;

interface WaitingEvent {
  readonly id: number;
  readonly event: string;
  readonly appmax_order_id: number;
}

/** Applies events that came before their orders, on any number of instances; sets aside those whose order never comes. */
@Injectable()
export class WaitingEvents implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop = new BackgroundLoop('WaitingEvents', ROUND_MILLISECONDS, () => this.work());

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly orders: OrdersService,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  private async work(): Promise<void> {
    await this.setAside();
    let after = 0;
    do {
      const from = after;
      after = await this.dataSource.transaction((manager) => this.applyBatch(manager, from));
    } while (after > 0);
  }

  /** @returns the id of the batch's last event, 0 when it was the last batch. */
  private async applyBatch(manager: EntityManager, after: number): Promise<number> {
    const waiting = await manager.query<WaitingEvent[]>(
      `SELECT id, event, appmax_order_id FROM webhook_events
       WHERE NOT processed AND id > $1 ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
      [after],
    );
    for (const { id, event, appmax_order_id: appmaxOrderId } of waiting) {
      const status = statusOf(event);
      const settled =
        status === undefined || (await this.orders.applyEvent(manager, { appmaxOrderId, status }));
      if (settled)
        await manager.query(
          'UPDATE webhook_events SET processed = true, processed_at = now() WHERE id = $1',
          [id],
        );
    }
    return waiting.length < BATCH ? 0 : (waiting.at(-1)?.id ?? 0);
  }

  private async setAside(): Promise<void> {
    await this.dataSource.query(
      `UPDATE webhook_events SET processed = true, processed_at = now(),
         error_message = 'its order did not appear within ${PATIENCE_HOURS} hours'
       WHERE NOT processed AND created_at < now() - interval '${PATIENCE_HOURS} hours'`,
    );
  }
}
