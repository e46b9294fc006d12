import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a holder of a secret key started the installation: others can't replace one that is there. */
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
