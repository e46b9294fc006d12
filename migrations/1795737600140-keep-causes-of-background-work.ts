import type { MigrationInterface, QueryRunner } from 'typeorm';

const TRACED = ['webhook_attempts', 'operations', 'order_refreshes', 'notifications'] as const;

/**
 * Adds the trace (W3C `traceparent`) of the request or webhook that caused a piece of background work to the row of the
 * work; null without tracing. Notifications are written by triggers: theirs is a setting of the transaction.
 */
export class KeepCausesOfBackgroundWork1795737600140 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TRACED)
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN traceparent CHAR(55)`);
    // Anything else than a traceparent counts as none, so that the setting can't make a change of a status fail.
    await queryRunner.query(`
      ALTER TABLE notifications ALTER COLUMN traceparent SET DEFAULT
        substring(current_setting('appmax_checkout.traceparent', true) FROM '^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$')
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TRACED) await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN traceparent`);
  }
}
