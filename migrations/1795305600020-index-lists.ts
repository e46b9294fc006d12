import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds indexes for the lists, which are sorted newest first and can be filtered. With the filter's column and the time
 * in one index, PostgreSQL reads a page without sorting or skipping rows.
 */
export class IndexLists1795305600020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // It serves the foreign key as well as the index on the installation alone did.
    await queryRunner.query(
      'CREATE INDEX orders_of_installation ON orders (installation_id, created_at, id)',
    );
    await queryRunner.query('DROP INDEX orders_installation_id');
    await queryRunner.query('CREATE INDEX orders_by_status ON orders (status, created_at, id)');
    await queryRunner.query('CREATE INDEX orders_by_time ON orders (created_at, id)');
    await queryRunner.query(
      'CREATE INDEX webhook_events_of_order ON webhook_events (appmax_order_id, created_at, id)',
    );
    await queryRunner.query('CREATE INDEX webhook_events_by_name ON webhook_events (event, created_at, id)');
    await queryRunner.query('CREATE INDEX webhook_events_by_time ON webhook_events (created_at, id)');
    await queryRunner.query(
      'CREATE INDEX webhook_events_not_applied ON webhook_events (created_at, id) WHERE error_message IS NOT NULL',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX webhook_events_not_applied');
    await queryRunner.query('DROP INDEX webhook_events_by_time');
    await queryRunner.query('DROP INDEX webhook_events_by_name');
    await queryRunner.query('DROP INDEX webhook_events_of_order');
    await queryRunner.query('DROP INDEX orders_by_time');
    await queryRunner.query('DROP INDEX orders_by_status');
    await queryRunner.query('CREATE INDEX orders_installation_id ON orders (installation_id)');
    await queryRunner.query('DROP INDEX orders_of_installation');
  }
}
