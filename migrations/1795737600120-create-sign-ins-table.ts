import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the table of sign-ins to the console. A sign-in belongs to a key of the database, or to a key of
 * API_SECRET_KEYS, of which a keyed digest is stored.
 */
export class CreateSignInsTable1795737600120 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE sign_ins (
        id BIGSERIAL PRIMARY KEY,
        token_hash CHAR(64) NOT NULL UNIQUE CHECK (token_hash ~ '^[0-9a-f]{64}$'),
        key_id BIGINT REFERENCES access_keys (id) ON DELETE CASCADE,
        root_key_digest CHAR(64) CHECK (root_key_digest ~ '^[0-9a-f]{64}$'),
        created_at TIMESTAMP NOT NULL DEFAULT now(),
        expires_at TIMESTAMP NOT NULL,
        CHECK ((key_id IS NULL) <> (root_key_digest IS NULL))
      )
    `);
    await queryRunner.query('CREATE INDEX sign_ins_of_key ON sign_ins (key_id) WHERE key_id IS NOT NULL');
    await queryRunner.query('CREATE INDEX sign_ins_to_delete ON sign_ins (expires_at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE sign_ins');
  }
}
