import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the indexes by which operators find the webhook events that need a person among those that do not. */
export class IndexProblemsOfWebhookEvents1795737600113 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      "CREATE INDEX unapplied_webhook_events_set_aside ON unapplied_webhook_events (event_id) WHERE reason = 'set_aside'",
    );
    await queryRunner.query(
      `CREATE INDEX webhook_attempts_failing ON webhook_attempts (event_id)
       WHERE next_attempt_at IS NOT NULL AND last_error IS NOT NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX webhook_attempts_failing');
    await queryRunner.query('DROP INDEX unapplied_webhook_events_set_aside');
  }
}
