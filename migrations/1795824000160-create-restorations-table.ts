import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the table of restorations: when a backup was restored, and since when what it lacks can be told. */
export class CreateRestorationsTable1795824000160 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE restorations (
        id BIGSERIAL PRIMARY KEY,
        restored_at TIMESTAMP NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'UTC'),
        readings_from TIMESTAMP NOT NULL,
        reopened_at TIMESTAMP,
        CONSTRAINT restorations_readings_come_later CHECK (readings_from >= restored_at),
        CONSTRAINT restorations_are_reopened_later CHECK (reopened_at >= restored_at)
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE restorations');
  }
}
