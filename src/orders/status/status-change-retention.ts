import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../config';
import { handleAgedRows, queryRows, Retention } from '../../database';
import { PAID_STATUSES } from './status-rules';

const BATCH = 1_000;
const DAY_SECONDS = 86_400;

/**
 * Deletes old status changes. It keeps the last one of each order, and those to a paid status (a refund is one of them):
 * the statistics take from them on which day an order was paid or refunded.
 */
@Injectable()
export class StatusChangeRetention {
  constructor(
    @Inject(CONFIG) { retention: { statusChangeDays } }: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    retention: Retention,
  ) {
    if (statusChangeDays === undefined) return;
    retention.add({ name: 'status changes', batch: () => this.deleteOld(statusChangeDays * DAY_SECONDS) });
  }

  private deleteOld(ageSeconds: number): Promise<boolean> {
    return handleAgedRows<object>(this.dataSource, {
      task: 'status_changes',
      table: 'order_status_changes',
      time: 'changed_at',
      ageSeconds,
      batchSize: BATCH,
      handle: async (rows, manager) => {
        await queryRows(
          manager,
          `DELETE FROM order_status_changes c WHERE id = ANY ($1::bigint[]) AND status <> ALL ($2::varchar[])
             AND EXISTS (SELECT FROM order_status_changes l WHERE l.appmax_order_id = c.appmax_order_id AND l.id > c.id)`,
          [rows.map(({ id }) => id), PAID_STATUSES],
        );
      },
    });
  }
}
