import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { BackgroundLoop } from '../common/background-loop';
import { queryRows, SchemaState } from '../database';

const ROUND_MILLISECONDS = 10 * 60 * 1000;
const BATCH = 1_000;
/** The age at which notifications are deleted. */
export const KEPT_DAYS = 30;

/** Deletes old notifications with their deliveries, except open ones of endpoints that are enabled. */
@Injectable()
export class NotificationCleanup implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop = new BackgroundLoop('NotificationCleanup', ROUND_MILLISECONDS, () => this.round());

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly schema: SchemaState,
  ) {}

  onApplicationBootstrap(): void {
    this.schema.whenReady(() => {
      this.loop.start();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  /** Deletes a batch. @returns 0 if there may be more. */
  async round(): Promise<number | undefined> {
    const deleted = await queryRows(
      this.dataSource,
      `DELETE FROM notifications WHERE id IN (
         SELECT n.id FROM notifications n WHERE n.created_at < now() - interval '${KEPT_DAYS} days'
           AND NOT EXISTS (SELECT FROM notification_deliveries d JOIN notification_endpoints e ON e.id = d.endpoint_id
             WHERE d.notification_id = n.id AND d.delivered_at IS NULL AND e.disabled_at IS NULL
               AND e.deleted_at IS NULL)
         ORDER BY n.id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
       RETURNING id`,
    );
    return deleted.length === BATCH ? 0 : undefined;
  }
}
