import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lets connections with the setting `appmax_checkout.announces` announce the changes of statuses themselves, after the
 * commit. For all others, those of older versions included, the trigger notifies as before.
 */
export class AnnounceAfterCommit1795737600075 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
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
          UPDATE webhook_attempts SET next_attempt_at = now_utc, lease_token = NULL, lease_expires_at = NULL, is_order_known = true, attempts = 0
          WHERE appmax_order_id = NEW.appmax_order_id AND next_attempt_at IS NOT NULL;
        ELSIF current_setting('appmax_checkout.announces', true) = 'on' THEN
          -- The connection's own program announces the change after the commit. A NOTIFY holds a lock of the whole
          -- database until the commit is on disk.
          RAISE NOTICE 'order_status_change %', change;
        ELSE
          PERFORM pg_notify(TG_TABLE_SCHEMA || '_order_status', NEW.appmax_order_id || ' ' || change || ' ' || NEW.status);
        END IF;
        RETURN NULL;
      END $$
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
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
          UPDATE webhook_attempts SET next_attempt_at = now_utc, lease_token = NULL, lease_expires_at = NULL, is_order_known = true, attempts = 0
          WHERE appmax_order_id = NEW.appmax_order_id AND next_attempt_at IS NOT NULL;
        ELSE
          PERFORM pg_notify(TG_TABLE_SCHEMA || '_order_status', NEW.appmax_order_id || ' ' || change || ' ' || NEW.status);
        END IF;
        RETURN NULL;
      END $$
    `);
  }
}
