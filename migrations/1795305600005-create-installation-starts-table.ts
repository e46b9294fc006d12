import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Installations that were started here and are not finished. The external_id is made at the start, so that every
 * path by which Appmax may ask for it answers the same one.
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
