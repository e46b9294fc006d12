import type { MigrationInterface, QueryRunner } from 'typeorm';

const FUNCTION = 'LANGUAGE plpgsql SET search_path FROM CURRENT';

/** SQL: the columns of the session of an order that a notification names. They are left out if there is none. */
const SESSION_OF_ORDER = (order: string): string => `COALESCE((
  SELECT jsonb_strip_nulls(jsonb_build_object('session_id', s.public_id, 'reference', s.reference))
  FROM session_orders so JOIN checkout_sessions s ON s.id = so.session_id WHERE so.order_id = ${order}), '{}')`;

/**
 * Writes notifications in the transactions of the changes: triggers record them if there is an endpoint for the shop.
 * Adds `operations.needs_review_at`, which the settler sets when evidence does not settle an operation.
 */
export class WriteNotifications1795737600101 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE operations ADD COLUMN needs_review_at TIMESTAMP');
    // These are checked no more, so the settler would never find them.
    await queryRunner.query(`
      UPDATE operations SET needs_review_at = clock_timestamp() AT TIME ZONE 'UTC'
      WHERE state = 'unknown' AND next_check_at IS NULL
    `);
    await this.createWriters(queryRunner);
    await this.createOrderTriggers(queryRunner);
    await this.createOtherTriggers(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const triggers = [
      ['orders_notify_created', 'orders'],
      ['orders_notify_status', 'orders'],
      ['operations_notify_refund', 'operations'],
      ['operations_notify_review', 'operations'],
      ['session_payments_notify_completed', 'session_payments'],
      ['checkout_sessions_notify_expired', 'checkout_sessions'],
      ['installations_notify_created', 'installations'],
    ];
    for (const [trigger, table] of triggers) await queryRunner.query(`DROP TRIGGER ${trigger} ON ${table}`);
    const functions = [
      'notify_order_status()',
      'notify_operation()',
      'notify_session_completed()',
      'notify_session_expired()',
      'notify_installation_created()',
      'write_notification(text, bigint, bigint, jsonb)',
      'has_notification_endpoint(bigint)',
    ];
    for (const each of functions) await queryRunner.query(`DROP FUNCTION ${each}`);
    await queryRunner.query('ALTER TABLE operations DROP COLUMN needs_review_at');
  }

  private async createWriters(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION has_notification_endpoint(shop BIGINT) RETURNS BOOLEAN ${FUNCTION} AS $$
      BEGIN
        RETURN EXISTS (SELECT FROM notification_endpoints e
          WHERE e.deleted_at IS NULL AND (e.installation_id IS NULL OR e.installation_id = shop));
      END $$
    `);
    await queryRunner.query(`
      CREATE FUNCTION write_notification(event_type TEXT, shop BIGINT, subject_order BIGINT, details JSONB)
      RETURNS VOID ${FUNCTION} AS $$
      DECLARE
        written BIGINT;
      BEGIN
        INSERT INTO notifications (type, installation_id, order_id, data)
        SELECT event_type, i.id, subject_order, jsonb_build_object('key', i.external_key) || details
        FROM installations i WHERE i.id = shop RETURNING id INTO written;
        INSERT INTO notification_deliveries (notification_id, endpoint_id, order_id)
        SELECT written, e.id, subject_order FROM notification_endpoints e
        WHERE e.deleted_at IS NULL AND (e.installation_id IS NULL OR e.installation_id = shop) ORDER BY e.id;
      END $$
    `);
  }

  private async createOrderTriggers(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION notify_order_status() RETURNS TRIGGER ${FUNCTION} AS $$
      DECLARE
        previous TEXT;
      BEGIN
        IF NOT has_notification_endpoint(NEW.installation_id) THEN
          RETURN NULL;
        END IF;
        IF TG_OP = 'UPDATE' THEN
          previous := OLD.status;
        END IF;
        PERFORM write_notification('order.status_changed', NEW.installation_id, NEW.id,
          jsonb_build_object('order_id', NEW.appmax_order_id, 'status', NEW.status, 'previous_status', previous,
            'payment_method', NEW.payment_method, 'total_cents', NEW.total_cents) || ${SESSION_OF_ORDER('NEW.id')});
        RETURN NULL;
      END $$
    `);
    // An order that is taken over from Appmax may have any status. The shop knows of a new one that is unpaid.
    await queryRunner.query(`
      CREATE TRIGGER orders_notify_created AFTER INSERT ON orders
      FOR EACH ROW WHEN (NEW.status <> 'pendente') EXECUTE FUNCTION notify_order_status()
    `);
    // Triggers run in the order of their names: the status comes before the session that it completes.
    await queryRunner.query(`
      CREATE TRIGGER orders_notify_status AFTER UPDATE OF status ON orders
      FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION notify_order_status()
    `);
    await queryRunner.query(`
      CREATE FUNCTION notify_operation() RETURNS TRIGGER ${FUNCTION} AS $$
      DECLARE
        appmax_order INTEGER;
        details JSONB;
      BEGIN
        IF NOT has_notification_endpoint(NEW.installation_id) THEN
          RETURN NULL;
        END IF;
        SELECT o.appmax_order_id INTO appmax_order FROM orders o WHERE o.id = NEW.order_id;
        details := jsonb_build_object('operation_id', NEW.id, 'order_id', appmax_order,
          'amount_cents', NEW.amount_cents) || ${SESSION_OF_ORDER('NEW.order_id')};
        IF TG_ARGV[0] = 'refund' THEN
          PERFORM write_notification('refund.' || NEW.state, NEW.installation_id, NEW.order_id,
            details || jsonb_build_object('refund_type', NEW.refund_type));
        ELSE
          PERFORM write_notification('operation.needs_review', NEW.installation_id, NEW.order_id,
            details || jsonb_build_object('kind', NEW.kind, 'state', NEW.state, 'reason',
              CASE WHEN NEW.paid_twice_at IS DISTINCT FROM OLD.paid_twice_at THEN 'paid_twice' ELSE 'unknown_outcome' END));
        END IF;
        RETURN NULL;
      END $$
    `);
    await queryRunner.query(`
      CREATE TRIGGER operations_notify_refund AFTER UPDATE OF state ON operations
      FOR EACH ROW WHEN (NEW.kind = 'refund' AND OLD.state <> NEW.state AND NEW.state IN ('confirmed', 'denied'))
      EXECUTE FUNCTION notify_operation('refund')
    `);
    await queryRunner.query(`
      CREATE TRIGGER operations_notify_review AFTER UPDATE OF paid_twice_at, needs_review_at ON operations
      FOR EACH ROW WHEN ((OLD.paid_twice_at IS NULL AND NEW.paid_twice_at IS NOT NULL)
        OR (OLD.needs_review_at IS NULL AND NEW.needs_review_at IS NOT NULL))
      EXECUTE FUNCTION notify_operation('review')
    `);
  }

  private async createOtherTriggers(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION notify_session_completed() RETURNS TRIGGER ${FUNCTION} AS $$
      DECLARE
        session checkout_sessions;
      BEGIN
        SELECT * INTO session FROM checkout_sessions s WHERE s.id = NEW.session_id;
        IF has_notification_endpoint(session.installation_id) THEN
          PERFORM write_notification('session.completed', session.installation_id, o.id,
            jsonb_build_object('session_id', session.public_id, 'order_id', o.appmax_order_id, 'order_status', o.status,
              'payment_method', o.payment_method, 'total_cents', o.total_cents)
            || jsonb_strip_nulls(jsonb_build_object('reference', session.reference, 'metadata', session.metadata)))
          FROM orders o WHERE o.id = NEW.order_id;
        END IF;
        RETURN NULL;
      END $$
    `);
    await queryRunner.query(`
      CREATE TRIGGER session_payments_notify_completed AFTER INSERT ON session_payments
      FOR EACH ROW WHEN (NOT NEW.is_extra) EXECUTE FUNCTION notify_session_completed()
    `);
    await queryRunner.query(`
      CREATE FUNCTION notify_session_expired() RETURNS TRIGGER ${FUNCTION} AS $$
      DECLARE
        live_order BIGINT;
        appmax_order INTEGER;
      BEGIN
        -- A payment may have completed it since the statement's snapshot.
        IF NOT has_notification_endpoint(NEW.installation_id)
          OR EXISTS (SELECT FROM session_payments p WHERE p.session_id = NEW.id) THEN
          RETURN NULL;
        END IF;
        SELECT o.id, o.appmax_order_id INTO live_order, appmax_order
        FROM session_orders so JOIN orders o ON o.id = so.order_id WHERE so.session_id = NEW.id AND so.is_live;
        PERFORM write_notification('session.expired', NEW.installation_id, live_order,
          jsonb_build_object('session_id', NEW.public_id, 'total_cents', NEW.total_cents)
          || jsonb_strip_nulls(jsonb_build_object('reference', NEW.reference, 'order_id', appmax_order,
            'metadata', NEW.metadata)));
        RETURN NULL;
      END $$
    `);
    await queryRunner.query(`
      CREATE TRIGGER checkout_sessions_notify_expired AFTER UPDATE OF expired_at ON checkout_sessions
      FOR EACH ROW WHEN (OLD.expired_at IS NULL AND NEW.expired_at IS NOT NULL)
      EXECUTE FUNCTION notify_session_expired()
    `);
    await queryRunner.query(`
      CREATE FUNCTION notify_installation_created() RETURNS TRIGGER ${FUNCTION} AS $$
      BEGIN
        IF has_notification_endpoint(NEW.id) THEN
          PERFORM write_notification('installation.created', NEW.id, NULL,
            jsonb_build_object('external_id', NEW.external_id));
        END IF;
        RETURN NULL;
      END $$
    `);
    await queryRunner.query(`
      CREATE TRIGGER installations_notify_created AFTER INSERT ON installations
      FOR EACH ROW EXECUTE FUNCTION notify_installation_created()
    `);
  }
}
