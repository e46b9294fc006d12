import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the table of started, unfinished installations. The external_id is created at the start, so that all paths
 * return the same one to Appmax.
 */
export class CreateInstallationStartsTable1795305600005 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE installation_starts (
        external_key VARCHAR(255) PRIMARY KEY,
        external_id UUID NOT NULL,
        started_at TIMESTAMP NOT NULL DEFAULT NOW(),
        generating_until TIMESTAMP
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE installation_starts');
  }
}
