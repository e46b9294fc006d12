import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds a trigger on the status of orders, with its tables. It stores each change of a status with a number, notifies all
 * instances, schedules the order's next sync, and makes webhook events that wait for the order due.
 */
export class FollowOrderStatuses1795305600031 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE order_status_changes (
        id BIGSERIAL PRIMARY KEY,
        appmax_order_id INTEGER NOT NULL,
        status VARCHAR(64) NOT NULL,
        changed_at TIMESTAMP NOT NULL
      )
    `);
    await queryRunner.query(
      'CREATE INDEX order_status_changes_of_order ON order_status_changes (appmax_order_id, id)',
    );
    await queryRunner.query(`
      CREATE TABLE order_claims (
        appmax_order_id INTEGER PRIMARY KEY,
        base_status VARCHAR(64) NOT NULL,
        claimed VARCHAR(64)[] NOT NULL,
        folded_status VARCHAR(64) NOT NULL
      )
    `);
    await queryRunner.query(`
      CREATE TABLE order_refreshes (
        appmax_order_id INTEGER PRIMARY KEY,
        since TIMESTAMP NOT NULL,
        next_at TIMESTAMP,
        requested_at TIMESTAMP,
        reason VARCHAR(32),
        asked_at TIMESTAMP,
        answered_at TIMESTAMP,
        quiet_until TIMESTAMP,
        failures INTEGER NOT NULL DEFAULT 0,
        unexpected_edges INTEGER NOT NULL DEFAULT 0,
        last_error TEXT,
        lease_until TIMESTAMP,
        lease_token UUID
      )
    `);
    await queryRunner.query(
      'CREATE INDEX order_refreshes_due ON order_refreshes (next_at) WHERE next_at IS NOT NULL',
    );
    await queryRunner.query(`
      CREATE TABLE background_reads (
        installation_id BIGINT PRIMARY KEY REFERENCES installations (id) ON DELETE CASCADE,
        day DATE NOT NULL,
        reads INTEGER NOT NULL,
        free_at TIMESTAMP NOT NULL
      )
    `);
    await this.createTrigger(queryRunner);
    await queryRunner.query(`
      INSERT INTO order_status_changes (appmax_order_id, status, changed_at)
      SELECT appmax_order_id, status, COALESCE(updated_at, NOW() AT TIME ZONE 'UTC') FROM orders ORDER BY id
    `);
    await queryRunner.query(`
      INSERT INTO order_refreshes (appmax_order_id, since, next_at)
      SELECT appmax_order_id, COALESCE(updated_at, NOW() AT TIME ZONE 'UTC'),
             NOW() AT TIME ZONE 'UTC' + random() * INTERVAL '1 hour' FROM orders
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const trigger of ['orders_follow_inserted', 'orders_follow_updated']) {
      await queryRunner.query(`DROP TRIGGER ${trigger} ON orders`);
    }
    await queryRunner.query('DROP FUNCTION follow_order_status()');
    for (const table of ['background_reads', 'order_refreshes', 'order_claims', 'order_status_changes']) {
      await queryRunner.query(`DROP TABLE ${table}`);
    }
  }

  private async createTrigger(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION follow_order_status() RETURNS TRIGGER LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
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
    await queryRunner.query(`
      CREATE TRIGGER orders_follow_inserted AFTER INSERT ON orders
      FOR EACH ROW EXECUTE FUNCTION follow_order_status()
    `);
    await queryRunner.query(`
      CREATE TRIGGER orders_follow_updated AFTER UPDATE OF status ON orders
      FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION follow_order_status()
    `);
  }
}
