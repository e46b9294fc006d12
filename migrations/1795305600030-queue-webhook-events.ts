import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the queue of unprocessed webhook events. A trigger fills it, so that receiving an event needs one INSERT. An
 * event that is marked as not processed again (by a replay, or in psql) is queued again.
 */
export class QueueWebhookEvents1795305600030 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE webhook_attempts (
        event_id BIGINT PRIMARY KEY REFERENCES webhook_events (id) ON DELETE CASCADE,
        appmax_order_id INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        queued_at TIMESTAMP NOT NULL,
        next_attempt_at TIMESTAMP,
        lease_token UUID,
        last_error TEXT
      )
    `);
    await queryRunner.query(`
      CREATE INDEX webhook_attempts_due ON webhook_attempts (next_attempt_at) WHERE next_attempt_at IS NOT NULL
    `);
    await queryRunner.query(`
      CREATE INDEX webhook_attempts_fresh ON webhook_attempts (next_attempt_at)
      WHERE next_attempt_at IS NOT NULL AND attempts = 0
    `);
    await queryRunner.query(`
      CREATE INDEX webhook_attempts_of_order ON webhook_attempts (appmax_order_id) WHERE next_attempt_at IS NOT NULL
    `);
    await queryRunner.query(`
      CREATE FUNCTION queue_webhook_event() RETURNS TRIGGER LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
      DECLARE
        now_utc TIMESTAMP := NOW() AT TIME ZONE 'UTC';
      BEGIN
        IF NEW.processed THEN
          UPDATE webhook_attempts SET next_attempt_at = NULL, lease_token = NULL
          WHERE event_id = NEW.id AND next_attempt_at IS NOT NULL;
          RETURN NULL;
        END IF;
        INSERT INTO webhook_attempts (event_id, appmax_order_id, queued_at, next_attempt_at)
        VALUES (NEW.id, NEW.appmax_order_id,
                CASE TG_OP WHEN 'INSERT' THEN COALESCE(NEW.created_at, now_utc) ELSE now_utc END, now_utc)
        ON CONFLICT (event_id) DO UPDATE
        SET attempts = 0, queued_at = excluded.queued_at, next_attempt_at = excluded.next_attempt_at,
            lease_token = NULL, last_error = NULL;
        RETURN NULL;
      END $$
    `);
    await queryRunner.query(`
      CREATE TRIGGER webhook_events_queue_inserted AFTER INSERT ON webhook_events
      FOR EACH ROW WHEN (NOT NEW.processed) EXECUTE FUNCTION queue_webhook_event()
    `);
    await queryRunner.query(`
      CREATE TRIGGER webhook_events_queue_updated AFTER UPDATE OF processed ON webhook_events
      FOR EACH ROW EXECUTE FUNCTION queue_webhook_event()
    `);
    await queryRunner.query(`
      INSERT INTO webhook_attempts (event_id, appmax_order_id, queued_at, next_attempt_at)
      SELECT id, appmax_order_id, COALESCE(created_at, NOW() AT TIME ZONE 'UTC'), NOW() AT TIME ZONE 'UTC'
      FROM webhook_events WHERE NOT processed
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const trigger of ['webhook_events_queue_inserted', 'webhook_events_queue_updated']) {
      await queryRunner.query(`DROP TRIGGER ${trigger} ON webhook_events`);
    }
    await queryRunner.query('DROP FUNCTION queue_webhook_event()');
    await queryRunner.query('DROP TABLE webhook_attempts');
  }
}
