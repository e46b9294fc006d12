import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the columns that lists of orders can be filtered by to their indexes, so that PostgreSQL evaluates all filters
 * in the index. Adds indexes for lists by method, amount and reference, and for lists of operations.
 */
export class IndexOrderSearches1795737600110 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const index of ['orders_by_time', 'orders_of_installation', 'orders_by_status'])
      await queryRunner.query(`DROP INDEX ${index}`);
    const indexes = [
      'orders_by_time ON orders (created_at, id, total_cents)',
      `orders_of_installation ON orders (installation_id, created_at, id, status, payment_method, total_cents)`,
      'orders_by_status ON orders (status, created_at, id, payment_method, total_cents)',
      'orders_by_method ON orders (payment_method, created_at, id, total_cents)',
      'orders_by_amount ON orders (total_cents, created_at, id)',
      'checkout_sessions_by_reference ON checkout_sessions (reference) WHERE reference IS NOT NULL',
      'operations_of_installation ON operations (installation_id, id)',
      'operations_by_kind ON operations (kind, id)',
    ];
    for (const index of indexes) await queryRunner.query(`CREATE INDEX ${index}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const added = [
      'operations_by_kind',
      'operations_of_installation',
      'checkout_sessions_by_reference',
      'orders_by_amount',
      'orders_by_method',
      'orders_by_status',
      'orders_of_installation',
      'orders_by_time',
    ];
    for (const index of added) await queryRunner.query(`DROP INDEX ${index}`);
    await queryRunner.query(
      'CREATE INDEX orders_of_installation ON orders (installation_id, created_at, id)',
    );
    await queryRunner.query('CREATE INDEX orders_by_status ON orders (status, created_at, id)');
    await queryRunner.query('CREATE INDEX orders_by_time ON orders (created_at, id)');
  }
}
