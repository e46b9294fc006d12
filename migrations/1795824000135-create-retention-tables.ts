import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the table of how far the tasks of retention have come, and that of orders whose personal data was erased, so
 * that webhooks that come later are reduced as well.
 */
export class CreateRetentionTables1795824000135 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE retention_progress (
        task VARCHAR(32) PRIMARY KEY CHECK (task <> ''),
        last_id BIGINT NOT NULL CHECK (last_id >= 0)
      )
    `);
    // No order has been erased yet, so no earlier event is one of an erased order.
    await queryRunner.query(`
      INSERT INTO retention_progress (task, last_id)
      VALUES ('webhook_payloads', 0), ('checkout_sessions', 0), ('status_changes', 0),
        ('webhooks_of_erased_orders', (SELECT COALESCE(max(id), 0) FROM webhook_events))
    `);
    await queryRunner.query(`
      CREATE TABLE erased_orders (
        order_id BIGINT PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,
        erased_at TIMESTAMP NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'UTC')
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE erased_orders');
    await queryRunner.query('DROP TABLE retention_progress');
  }
}
