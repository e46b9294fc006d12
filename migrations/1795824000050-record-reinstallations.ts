import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the table of installations that were installed again: Appmax knows them in the browser by their client_id, no
 * longer by their external_id. An existing row counts as installed again if its credentials were saved more than an
 * hour after it was created, because both paths of one installation save it within an hour.
 */
export class RecordReinstallations1795824000050 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE reinstallations (
        installation_id BIGINT PRIMARY KEY REFERENCES installations (id) ON DELETE CASCADE,
        reinstalled_at TIMESTAMP NOT NULL DEFAULT now()
      )
    `);
    await queryRunner.query(`
      INSERT INTO reinstallations (installation_id, reinstalled_at)
      SELECT id, installed_at FROM installations WHERE installed_at > created_at + interval '1 hour'
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE reinstallations');
  }
}
