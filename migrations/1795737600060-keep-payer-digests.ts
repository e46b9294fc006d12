import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the keyed digest of the document that an operation was made with. It proves that a later caller, who names the
 * same document, is the shopper. Operations from before have none.
 */
export class KeepPayerDigests1795737600060 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE operations
        ADD COLUMN payer_digest CHAR(64),
        ADD CONSTRAINT operations_payer_digest CHECK (payer_digest ~ '^[0-9a-f]{64}$')
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE operations DROP COLUMN payer_digest');
  }
}
