import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the table of received webhook events and their processing results. */
export class CreateWebhookEventsTable1773360000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE webhook_events (
        id BIGSERIAL PRIMARY KEY,
        event VARCHAR(64) NOT NULL,
        event_type VARCHAR(32) NOT NULL,
        appmax_order_id INTEGER,
        payload JSON NOT NULL,
        processed BOOLEAN NOT NULL DEFAULT FALSE,
        processed_at TIMESTAMP,
        error_message TEXT,
        created_at TIMESTAMP DEFAULT NOW()
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE webhook_events');
  }
}
