import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the log of what was done with secret keys. It refers to keys and installations by their ids without foreign
 * keys, so that its entries outlive them.
 */
export class CreateAuditLogTable1795737600066 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE audit_log (
        id BIGSERIAL PRIMARY KEY,
        actor VARCHAR(16) NOT NULL CHECK (actor IN ('root_key', 'key', 'command')),
        key_id BIGINT,
        key_name VARCHAR(64) NOT NULL,
        action VARCHAR(128) NOT NULL,
        installation_id BIGINT,
        subject_id BIGINT CHECK (subject_id > 0),
        request_id VARCHAR(128),
        status SMALLINT CHECK (status BETWEEN 200 AND 599),
        created_at TIMESTAMP NOT NULL DEFAULT now(),
        finished_at TIMESTAMP,
        CHECK ((actor = 'key') = (key_id IS NOT NULL)),
        CHECK ((status IS NULL) = (finished_at IS NULL))
      )
    `);
    await queryRunner.query('CREATE INDEX audit_log_by_time ON audit_log (created_at, id)');
    await queryRunner.query('CREATE INDEX audit_log_of_key ON audit_log (key_id, created_at, id)');
    await queryRunner.query(
      'CREATE INDEX audit_log_of_installation ON audit_log (installation_id, created_at, id)',
    );
    await queryRunner.query('CREATE INDEX audit_log_by_action ON audit_log (action, created_at, id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE audit_log');
  }
}
