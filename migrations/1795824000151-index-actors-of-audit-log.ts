import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the index by which the audit log is searched for what was done with keys of the settings, or by commands. */
export class IndexActorsOfAuditLog1795824000151 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE INDEX audit_log_by_actor ON audit_log (actor, created_at, id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX audit_log_by_actor');
  }
}
