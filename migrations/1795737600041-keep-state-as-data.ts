import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Gives the queues of webhook events and order syncs the same lease columns, moves the sync schedule from the trigger
 * to the service, and stores in a table why an event was not applied.
 */
export class KeepStateAsData1795737600041 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE order_refreshes RENAME COLUMN lease_until TO lease_expires_at
    `);
    await queryRunner.query(`
      ALTER TABLE order_refreshes ADD COLUMN is_scheduled BOOLEAN NOT NULL DEFAULT true
    `);
    await queryRunner.query(`
      CREATE INDEX order_refreshes_unscheduled ON order_refreshes (appmax_order_id) WHERE NOT is_scheduled
    `);
    await queryRunner.query('ALTER TABLE webhook_attempts ADD COLUMN lease_expires_at TIMESTAMP');
    // Instances of the previous version may hold leases. These keep their expiry.
    await queryRunner.query(`
      UPDATE webhook_attempts SET lease_expires_at = next_attempt_at WHERE lease_token IS NOT NULL
    `);
    await queryRunner.query(`
      ALTER TABLE order_refreshes
        ADD CONSTRAINT order_refreshes_lease CHECK ((lease_token IS NULL) = (lease_expires_at IS NULL)),
        ADD CONSTRAINT order_refreshes_counts CHECK (failures >= 0 AND unexpected_edges >= 0),
        ADD CONSTRAINT order_refreshes_reason CHECK (reason IN
          ('admin', 'payment', 'webhook', 'command', 'reconcile', 'retry', 'repeat', 'adoption'))
    `);
    await queryRunner.query(`
      ALTER TABLE webhook_attempts
        ADD CONSTRAINT webhook_attempts_lease CHECK ((lease_token IS NULL) = (lease_expires_at IS NULL)),
        ADD CONSTRAINT webhook_attempts_counts CHECK (attempts >= 0)
    `);
    await queryRunner.query(`
      ALTER TABLE background_reads ADD CONSTRAINT background_reads_counts CHECK (reads >= 0)
    `);
    await queryRunner.query(`
      ALTER TABLE idempotency_keys
        ADD CONSTRAINT idempotency_keys_access CHECK (access IN ('public', 'storefront', 'secret', '*'))
    `);
    await queryRunner.query("CREATE TYPE unapplied_reason AS ENUM ('repeated', 'set_aside')");
    await queryRunner.query(`
      CREATE TABLE unapplied_webhook_events (
        event_id BIGINT PRIMARY KEY REFERENCES webhook_events (id) ON DELETE CASCADE,
        reason unapplied_reason NOT NULL,
        repeats_event_id BIGINT,
        CONSTRAINT unapplied_webhook_events_repeat CHECK (reason = 'repeated' OR repeats_event_id IS NULL)
      )
    `);
    await queryRunner.query(`
      INSERT INTO unapplied_webhook_events (event_id, reason, repeats_event_id)
      SELECT id,
        (CASE WHEN error_message LIKE 'repeats webhook event %' THEN 'repeated' ELSE 'set_aside' END)::unapplied_reason,
        substring(error_message FROM '^repeats webhook event ([0-9]{1,18})$')::bigint
      FROM webhook_events WHERE processed AND error_message IS NOT NULL
    `);
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION follow_order_status() RETURNS TRIGGER LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
      DECLARE
        now_utc TIMESTAMP := NOW() AT TIME ZONE 'UTC';
        change BIGINT;
      BEGIN
        INSERT INTO order_status_changes (appmax_order_id, status, changed_at)
        VALUES (NEW.appmax_order_id, NEW.status, now_utc) RETURNING id INTO change;
        -- The service schedules the next sync. A requested sync stays.
        INSERT INTO order_refreshes AS r (appmax_order_id, since, is_scheduled)
        VALUES (NEW.appmax_order_id, now_utc, false)
        ON CONFLICT (appmax_order_id) DO UPDATE
        SET since = excluded.since, is_scheduled = false,
            next_at = CASE WHEN r.requested_at IS NULL THEN NULL ELSE r.next_at END;
        IF TG_OP = 'INSERT' THEN
          -- Events that wait for this order are due now. Their leases end, so that a worker that did not find the order
          -- can't postpone them. All statements lock several rows in the order of their ids.
          PERFORM FROM webhook_attempts
          WHERE appmax_order_id = NEW.appmax_order_id AND next_attempt_at IS NOT NULL ORDER BY event_id FOR UPDATE;
          UPDATE webhook_attempts SET next_attempt_at = now_utc, lease_token = NULL, lease_expires_at = NULL
          WHERE appmax_order_id = NEW.appmax_order_id AND next_attempt_at IS NOT NULL;
        ELSE
          PERFORM pg_notify(TG_TABLE_SCHEMA || '_order_status', NEW.appmax_order_id || ' ' || change || ' ' || NEW.status);
        END IF;
        RETURN NULL;
      END $$
    `);
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION queue_webhook_event() RETURNS TRIGGER LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
      DECLARE
        now_utc TIMESTAMP := NOW() AT TIME ZONE 'UTC';
      BEGIN
        IF NEW.processed THEN
          UPDATE webhook_attempts SET next_attempt_at = NULL, lease_token = NULL, lease_expires_at = NULL
          WHERE event_id = NEW.id AND next_attempt_at IS NOT NULL;
          RETURN NULL;
        END IF;
        INSERT INTO webhook_attempts (event_id, appmax_order_id, queued_at, next_attempt_at)
        VALUES (NEW.id, NEW.appmax_order_id,
                CASE TG_OP WHEN 'INSERT' THEN COALESCE(NEW.created_at, now_utc) ELSE now_utc END, now_utc)
        ON CONFLICT (event_id) DO UPDATE
        SET attempts = 0, queued_at = excluded.queued_at, next_attempt_at = excluded.next_attempt_at,
            lease_token = NULL, lease_expires_at = NULL, last_error = NULL;
        RETURN NULL;
      END $$
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION queue_webhook_event() RETURNS TRIGGER LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
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
      CREATE OR REPLACE FUNCTION follow_order_status() RETURNS TRIGGER LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
      DECLARE
        now_utc TIMESTAMP := NOW() AT TIME ZONE 'UTC';
        change BIGINT;
      BEGIN
        INSERT INTO order_status_changes (appmax_order_id, status, changed_at)
        VALUES (NEW.appmax_order_id, NEW.status, now_utc) RETURNING id INTO change;
        INSERT INTO order_refreshes AS r (appmax_order_id, since, next_at)
        VALUES (NEW.appmax_order_id, now_utc, now_utc + INTERVAL '1 minute')
        ON CONFLICT (appmax_order_id) DO UPDATE
        SET since = excluded.since,
            next_at = CASE WHEN r.requested_at IS NULL THEN excluded.next_at ELSE LEAST(r.next_at, excluded.next_at) END;
        IF TG_OP = 'INSERT' THEN
          -- Events that wait for this order are due now. Taking their lease away keeps a worker that has just looked
          -- in vain from putting them off again.
          UPDATE webhook_attempts SET next_attempt_at = now_utc, lease_token = NULL
          WHERE appmax_order_id = NEW.appmax_order_id AND next_attempt_at IS NOT NULL;
        ELSE
          PERFORM pg_notify(TG_TABLE_SCHEMA || '_order_status', NEW.appmax_order_id || ' ' || change || ' ' || NEW.status);
        END IF;
        RETURN NULL;
      END $$
    `);
    await queryRunner.query('DROP TABLE unapplied_webhook_events');
    await queryRunner.query('DROP TYPE unapplied_reason');
    await queryRunner.query('ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_access');
    await queryRunner.query('ALTER TABLE background_reads DROP CONSTRAINT background_reads_counts');
    await queryRunner.query(`
      ALTER TABLE webhook_attempts DROP CONSTRAINT webhook_attempts_lease, DROP CONSTRAINT webhook_attempts_counts
    `);
    await queryRunner.query(`
      ALTER TABLE order_refreshes DROP CONSTRAINT order_refreshes_lease, DROP CONSTRAINT order_refreshes_counts,
        DROP CONSTRAINT order_refreshes_reason
    `);
    await queryRunner.query('ALTER TABLE webhook_attempts DROP COLUMN lease_expires_at');
    // The previous trigger schedules each sync one minute after the status change.
    await queryRunner.query(`
      UPDATE order_refreshes SET next_at = LEAST(next_at, since + INTERVAL '1 minute') WHERE NOT is_scheduled
    `);
    await queryRunner.query('DROP INDEX order_refreshes_unscheduled');
    await queryRunner.query('ALTER TABLE order_refreshes DROP COLUMN is_scheduled');
    await queryRunner.query('ALTER TABLE order_refreshes RENAME COLUMN lease_expires_at TO lease_until');
  }
}
