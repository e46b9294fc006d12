import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the flag of starts with a secret key: only these may replace an existing installation. */
export class AuthoriseInstallationStarts1795305600033 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'ALTER TABLE installation_starts ADD COLUMN authorised BOOLEAN NOT NULL DEFAULT FALSE',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE installation_starts DROP COLUMN authorised');
  }
}
