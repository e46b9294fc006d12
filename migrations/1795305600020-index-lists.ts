import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lists are shown newest first, some of them filtered: an index that goes on with the time gives the page without
 * sorting, and without passing over the rows that are not in it.
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
