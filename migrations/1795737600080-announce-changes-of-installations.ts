import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds triggers that announce each change of an installation on the channel `<schema>_installations`, with its
 * external_key; an empty payload means all installations. New rows are not announced: no instance keeps the answer that
 * a key is not installed.
 */
export class AnnounceChangesOfInstallations1795737600080 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION announce_installation() RETURNS TRIGGER LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify(TG_TABLE_SCHEMA || '_installations', CASE TG_LEVEL WHEN 'ROW' THEN OLD.external_key ELSE '' END);
        RETURN NULL;
      END $$
    `);
    await queryRunner.query(`
      CREATE TRIGGER installations_announce_changed AFTER UPDATE OR DELETE ON installations
      FOR EACH ROW EXECUTE FUNCTION announce_installation()
    `);
    await queryRunner.query(`
      CREATE TRIGGER installations_announce_emptied AFTER TRUNCATE ON installations
      FOR EACH STATEMENT EXECUTE FUNCTION announce_installation()
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TRIGGER installations_announce_emptied ON installations');
    await queryRunner.query('DROP TRIGGER installations_announce_changed ON installations');
    await queryRunner.query('DROP FUNCTION announce_installation()');
  }
}
