import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the table of merchants' installations with their OAuth credentials. */
export class CreateInstallationsTable1773360000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE installations (
        id BIGSERIAL PRIMARY KEY,
        external_key VARCHAR(255) NOT NULL UNIQUE,
        app_id VARCHAR(255) NOT NULL,
        merchant_client_id VARCHAR(512) NOT NULL,
        merchant_client_secret VARCHAR(512) NOT NULL,
        external_id UUID NOT NULL UNIQUE,
        installed_at TIMESTAMP NOT NULL DEFAULT NOW(),
        created_at TIMESTAMP,
        updated_at TIMESTAMP
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE installations');
  }
}
