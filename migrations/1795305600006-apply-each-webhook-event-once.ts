import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds a unique index so that at most one event of a name is applied to an order: the first one stored. The index skips
 * rows with an error_message: repeats of that event, and events that were set aside.
 */
export class ApplyEachWebhookEventOnce1795305600006 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE UNIQUE INDEX webhook_events_one_per_event_and_order ON webhook_events (appmax_order_id, event)
      WHERE error_message IS NULL
    `);
    await queryRunner.query(
      'CREATE INDEX webhook_events_unprocessed ON webhook_events (id) WHERE NOT processed',
    );
    await queryRunner.query('CREATE INDEX orders_installation_id ON orders (installation_id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX orders_installation_id');
    await queryRunner.query('DROP INDEX webhook_events_unprocessed');
    await queryRunner.query('DROP INDEX webhook_events_one_per_event_and_order');
  }
}
