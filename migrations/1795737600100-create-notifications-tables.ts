import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the tables of the notifications that are sent to shops: the endpoints, what is notified, and one delivery per
 * endpoint. Deliveries and notifications have no foreign keys to endpoints, orders and installations: the transactions
 * that write them would lock those rows.
 */
export class CreateNotificationsTables1795737600100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE notification_endpoints (
        id BIGSERIAL PRIMARY KEY,
        installation_id BIGINT REFERENCES installations (id) ON DELETE CASCADE,
        url VARCHAR(2048) NOT NULL CHECK (url ~ '^https?://'),
        secret TEXT NOT NULL,
        previous_secret TEXT,
        previous_secret_expires_at TIMESTAMP,
        is_from_environment BOOLEAN NOT NULL DEFAULT false,
        failing_since TIMESTAMP,
        disabled_at TIMESTAMP,
        disabled_reason VARCHAR(16) CHECK (disabled_reason IN ('failing', 'operator')),
        deleted_at TIMESTAMP,
        lease_token UUID,
        lease_expires_at TIMESTAMP,
        created_at TIMESTAMP NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'UTC'),
        CONSTRAINT notification_endpoints_previous_secret_expires
          CHECK ((previous_secret IS NULL) = (previous_secret_expires_at IS NULL)),
        CONSTRAINT notification_endpoints_disabled_have_a_reason
          CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
        CONSTRAINT notification_endpoints_of_environment_are_for_all
          CHECK (NOT is_from_environment OR installation_id IS NULL),
        CONSTRAINT notification_endpoints_lease CHECK ((lease_token IS NULL) = (lease_expires_at IS NULL))
      )
    `);
    await queryRunner.query(`
      CREATE TABLE notifications (
        id BIGSERIAL PRIMARY KEY,
        message_id UUID NOT NULL DEFAULT gen_random_uuid(),
        type VARCHAR(32) NOT NULL CHECK (type IN ('order.status_changed', 'refund.confirmed', 'refund.denied',
          'session.completed', 'session.expired', 'installation.created', 'operation.needs_review')),
        installation_id BIGINT NOT NULL,
        order_id BIGINT,
        data JSONB NOT NULL CHECK (jsonb_typeof(data) = 'object'),
        created_at TIMESTAMP NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'UTC')
      )
    `);
    await queryRunner.query(`
      CREATE TABLE notification_deliveries (
        id BIGSERIAL PRIMARY KEY,
        notification_id BIGINT NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
        endpoint_id BIGINT NOT NULL,
        order_id BIGINT,
        attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        next_attempt_at TIMESTAMP DEFAULT (clock_timestamp() AT TIME ZONE 'UTC'),
        last_attempt_at TIMESTAMP,
        last_status SMALLINT CHECK (last_status BETWEEN 100 AND 999),
        last_error VARCHAR(200),
        delivered_at TIMESTAMP,
        CONSTRAINT notification_deliveries_delivered_are_not_due
          CHECK (delivered_at IS NULL OR next_attempt_at IS NULL),
        CONSTRAINT notification_deliveries_waiting_have_an_order
          CHECK (delivered_at IS NOT NULL OR next_attempt_at IS NOT NULL OR order_id IS NOT NULL)
      )
    `);
    const indexes = [
      `UNIQUE INDEX notification_endpoints_one_from_environment ON notification_endpoints (is_from_environment)
         WHERE is_from_environment AND deleted_at IS NULL`,
      'INDEX notification_endpoints_of_installation ON notification_endpoints (installation_id)',
      'INDEX notifications_by_time ON notifications (created_at)',
      `INDEX notification_deliveries_due ON notification_deliveries (endpoint_id, next_attempt_at, id)
         WHERE next_attempt_at IS NOT NULL`,
      `INDEX notification_deliveries_open_of_order ON notification_deliveries (endpoint_id, order_id, id)
         WHERE delivered_at IS NULL`,
      'INDEX notification_deliveries_open ON notification_deliveries (id) WHERE delivered_at IS NULL',
      'INDEX notification_deliveries_of_endpoint ON notification_deliveries (endpoint_id, id)',
      'INDEX notification_deliveries_of_order ON notification_deliveries (order_id, id)',
      'INDEX notification_deliveries_of_notification ON notification_deliveries (notification_id)',
    ];
    for (const index of indexes) await queryRunner.query(`CREATE ${index}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['notification_deliveries', 'notifications', 'notification_endpoints'])
      await queryRunner.query(`DROP TABLE ${table}`);
  }
}
