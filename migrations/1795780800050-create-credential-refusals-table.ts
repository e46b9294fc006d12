import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the table of installations whose credentials Appmax refuses: their merchants have uninstalled the app. */
export class CreateCredentialRefusalsTable1795780800050 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE credential_refusals (
        installation_id BIGINT    PRIMARY KEY REFERENCES installations (id) ON DELETE CASCADE,
        refused_since   TIMESTAMP NOT NULL DEFAULT now()
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE credential_refusals');
  }
}
