import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../config';
import { queryRows, Retention } from '../database';

const BATCH = 1_000;

/** Deletes old notifications with their deliveries, except open ones of endpoints that are enabled. */
@Injectable()
export class NotificationRetention {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    retention: Retention,
  ) {
    retention.add({ name: 'notifications', batch: () => this.deleteOld() });
  }

  /** Deletes a batch. @returns true if there may be more. */
  private async deleteOld(): Promise<boolean> {
    const deleted = await queryRows(
      this.dataSource,
      `DELETE FROM notifications WHERE id IN (
         SELECT n.id FROM notifications n WHERE n.created_at < now() - make_interval(days => $1)
           AND NOT EXISTS (SELECT FROM notification_deliveries d JOIN notification_endpoints e ON e.id = d.endpoint_id
             WHERE d.notification_id = n.id AND d.delivered_at IS NULL AND e.disabled_at IS NULL
               AND e.deleted_at IS NULL)
         ORDER BY n.id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
       RETURNING id`,
      [this.config.retention.notificationDays],
    );
    return deleted.length === BATCH;
  }
}
