import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the table of our running calls for credentials at Appmax, one row a call. It replaces the column
 * `generating_until`, which several calls for one key shared, so that the end of one hid the others.
 */
export class ListCredentialRequests1795737600070 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE credential_requests (
        id           UUID         PRIMARY KEY,
        external_key VARCHAR(255) NOT NULL,
        expires_at   TIMESTAMP    NOT NULL,
        CONSTRAINT credential_requests_key CHECK (external_key <> '')
      )
    `);
    await queryRunner.query(
      'CREATE INDEX credential_requests_external_key ON credential_requests (external_key)',
    );
    await queryRunner.query('ALTER TABLE installation_starts DROP COLUMN generating_until');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE installation_starts ADD COLUMN generating_until TIMESTAMP');
    await queryRunner.query('DROP TABLE credential_requests');
  }
}
