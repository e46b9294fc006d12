import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * At most one event of a name counts for an order: the first to be stored. Its repeats carry an error_message that
 * names it, and so does an event that was set aside, so neither stands in this index.
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
