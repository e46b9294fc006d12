import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Counts background reads by purpose and, for webhooks, by order; records for which orders Appmax has shown a payment;
 * and marks waiting webhook events whose order is saved, so that they are processed before all others.
 */
export class ReserveReadsAndMarkKnownOrders1795737600055 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE background_reads
        ADD COLUMN webhook_reads INTEGER NOT NULL DEFAULT 0,
        ADD COLUMN sync_reads INTEGER NOT NULL DEFAULT 0,
        ADD COLUMN operator_reads INTEGER NOT NULL DEFAULT 0,
        ADD CONSTRAINT background_reads_purposes CHECK (webhook_reads >= 0 AND sync_reads >= 0 AND operator_reads >= 0)
    `);
    await queryRunner.query(`
      ALTER TABLE order_refreshes
        ADD COLUMN webhook_reads INTEGER NOT NULL DEFAULT 0,
        ADD COLUMN webhook_reads_day DATE,
        ADD COLUMN has_payment BOOLEAN NOT NULL DEFAULT false,
        ADD CONSTRAINT order_refreshes_webhook_reads
          CHECK (webhook_reads >= 0 AND (webhook_reads = 0 OR webhook_reads_day IS NOT NULL))
    `);
    await queryRunner.query(
      'ALTER TABLE webhook_attempts ADD COLUMN is_order_known BOOLEAN NOT NULL DEFAULT false',
    );
    await queryRunner.query(`
      UPDATE webhook_attempts a SET is_order_known = true
      WHERE EXISTS (SELECT FROM orders o WHERE o.appmax_order_id = a.appmax_order_id)
    `);
    await this.createIndexes(queryRunner, {
      webhook_attempts_due: 'is_order_known',
      webhook_attempts_fresh: 'attempts = 0 AND is_order_known',
      webhook_attempts_unknown: 'NOT is_order_known',
    });
    await this.replaceTriggers(queryRunner, {
      column: ', is_order_known',
      isKnown: ', EXISTS (SELECT FROM orders o WHERE o.appmax_order_id = NEW.appmax_order_id)',
      update: ', is_order_known = excluded.is_order_known',
      appeared: ', is_order_known = true, attempts = 0',
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await this.replaceTriggers(queryRunner, { column: '', isKnown: '', update: '', appeared: '' });
    await queryRunner.query('DROP INDEX webhook_attempts_unknown');
    await this.createIndexes(queryRunner, {
      webhook_attempts_due: '',
      webhook_attempts_fresh: 'attempts = 0',
    });
    await queryRunner.query('ALTER TABLE webhook_attempts DROP COLUMN is_order_known');
    await queryRunner.query(`
      ALTER TABLE order_refreshes DROP COLUMN webhook_reads, DROP COLUMN webhook_reads_day, DROP COLUMN has_payment
    `);
    await queryRunner.query(`
      ALTER TABLE background_reads DROP COLUMN webhook_reads, DROP COLUMN sync_reads, DROP COLUMN operator_reads
    `);
  }

  /** Creates indexes on due events, each with its additional condition. Existing ones with these names are replaced. */
  private async createIndexes(
    queryRunner: QueryRunner,
    conditions: Readonly<Record<string, string>>,
  ): Promise<void> {
    for (const [index, condition] of Object.entries(conditions)) {
      await queryRunner.query(`DROP INDEX IF EXISTS ${index}`);
      await queryRunner.query(`
        CREATE INDEX ${index} ON webhook_attempts (next_attempt_at)
        WHERE next_attempt_at IS NOT NULL${condition === '' ? '' : ` AND ${condition}`}
      `);
    }
  }

  private async replaceTriggers(
    queryRunner: QueryRunner,
    sql: {
      readonly column: string;
      readonly isKnown: string;
      readonly update: string;
      readonly appeared: string;
    },
  ): Promise<void> {
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
          UPDATE webhook_attempts SET next_attempt_at = now_utc, lease_token = NULL, lease_expires_at = NULL${sql.appeared}
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
        INSERT INTO webhook_attempts (event_id, appmax_order_id, queued_at, next_attempt_at${sql.column})
        VALUES (NEW.id, NEW.appmax_order_id,
                CASE TG_OP WHEN 'INSERT' THEN COALESCE(NEW.created_at, now_utc) ELSE now_utc END, now_utc${sql.isKnown})
        ON CONFLICT (event_id) DO UPDATE
        SET attempts = 0, queued_at = excluded.queued_at, next_attempt_at = excluded.next_attempt_at,
            lease_token = NULL, lease_expires_at = NULL, last_error = NULL${sql.update};
        RETURN NULL;
      END $$
    `);
  }
}
