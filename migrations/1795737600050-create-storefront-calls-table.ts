import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the table that counts, for each merchant and day, the calls to Appmax that callers without a secret key have
 * caused: in total (`caller` is `all`) and by keyed digest of the caller's address or network.
 */
export class CreateStorefrontCallsTable1795737600050 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE storefront_calls (
        installation_id BIGINT  NOT NULL REFERENCES installations (id) ON DELETE CASCADE,
        day             DATE    NOT NULL,
        caller          TEXT    NOT NULL,
        calls           INTEGER NOT NULL,
        PRIMARY KEY (installation_id, day, caller),
        CONSTRAINT storefront_calls_caller CHECK (caller = 'all' OR caller ~ '^[0-9a-f]{64}$'),
        CONSTRAINT storefront_calls_count CHECK (calls >= 0)
      )
    `);
    await queryRunner.query(
      `CREATE INDEX storefront_calls_of_day ON storefront_calls (day, calls) WHERE caller = 'all'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE storefront_calls');
  }
}
