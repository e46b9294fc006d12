import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the table of the first responses to requests with an Idempotency-Key, which are kept for 24 h. */
export class CreateIdempotencyKeysTable1795305600011 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE idempotency_keys (
        id BIGSERIAL PRIMARY KEY,
        tenant VARCHAR(255) NOT NULL,
        key VARCHAR(255) NOT NULL,
        digest CHAR(64) NOT NULL,
        order_id BIGINT,
        locked_until TIMESTAMP,
        response_status INTEGER,
        response_body TEXT,
        created_at TIMESTAMP NOT NULL DEFAULT NOW(),
        CONSTRAINT idempotency_keys_tenant_key_key UNIQUE (tenant, key)
      )
    `);
    await queryRunner.query('CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE idempotency_keys');
  }
}
