import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the table of secret keys that are kept in the database, beside those of API_SECRET_KEYS. */
export class CreateAccessKeysTable1795737600065 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE access_keys (
        id BIGSERIAL PRIMARY KEY,
        name VARCHAR(64) NOT NULL CHECK (name <> ''),
        key_hash CHAR(64) NOT NULL UNIQUE CHECK (key_hash ~ '^[0-9a-f]{64}$'),
        scopes VARCHAR(16)[] NOT NULL
          CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['read', 'operate', 'manage']::varchar[]),
        installation_id BIGINT REFERENCES installations (id) ON DELETE CASCADE,
        created_at TIMESTAMP NOT NULL DEFAULT now(),
        expires_at TIMESTAMP,
        last_used_at TIMESTAMP,
        revoked_at TIMESTAMP
      )
    `);
    await queryRunner.query(
      'CREATE INDEX access_keys_of_installation ON access_keys (installation_id) WHERE installation_id IS NOT NULL',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE access_keys');
  }
}
