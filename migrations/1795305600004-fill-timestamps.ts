import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds triggers that set created_at and updated_at, because the columns have no default. An update from psql must also
 * change updated_at.
 */
export class FillTimestamps1795305600004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION fill_timestamps() RETURNS TRIGGER LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          NEW.created_at := COALESCE(NEW.created_at, NOW() AT TIME ZONE 'UTC');
        END IF;
        NEW.updated_at := NOW() AT TIME ZONE 'UTC';
        RETURN NEW;
      END $$
    `);
    for (const table of ['installations', 'orders']) {
      await queryRunner.query(`
        CREATE TRIGGER ${table}_fill_timestamps BEFORE INSERT OR UPDATE ON ${table}
        FOR EACH ROW EXECUTE FUNCTION fill_timestamps()
      `);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['orders', 'installations']) {
      await queryRunner.query(`DROP TRIGGER ${table}_fill_timestamps ON ${table}`);
    }
    await queryRunner.query('DROP FUNCTION fill_timestamps()');
  }
}
