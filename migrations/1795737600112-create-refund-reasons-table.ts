import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the table of the reasons that operators give for refunds. */
export class CreateRefundReasonsTable1795737600112 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE refund_reasons (
        operation_id BIGINT PRIMARY KEY REFERENCES operations (id) ON DELETE CASCADE,
        reason VARCHAR(500) NOT NULL CHECK (reason <> '')
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE refund_reasons');
  }
}
