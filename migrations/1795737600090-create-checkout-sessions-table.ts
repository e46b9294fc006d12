import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the tables of checkout sessions, of their orders, and of the payments of these orders. A trigger on the status
 * of orders records the payments.
 */
export class CreateCheckoutSessionsTable1795737600090 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE checkout_sessions (
        id BIGSERIAL PRIMARY KEY,
        public_id VARCHAR(64) NOT NULL UNIQUE,
        installation_id BIGINT NOT NULL REFERENCES installations (id),
        reference VARCHAR(64),
        request_digest CHAR(64) NOT NULL,
        items JSONB NOT NULL,
        products_cents INTEGER NOT NULL CHECK (products_cents >= 0),
        shipping_cents INTEGER NOT NULL CHECK (shipping_cents >= 0),
        discount_cents INTEGER NOT NULL CHECK (discount_cents >= 0),
        total_cents INTEGER NOT NULL CHECK (total_cents > 0),
        methods TEXT[] NOT NULL,
        max_installments INTEGER NOT NULL CHECK (max_installments BETWEEN 1 AND 12),
        customer TEXT,
        shopper TEXT,
        metadata JSONB,
        success_url TEXT,
        cancel_url TEXT,
        locale VARCHAR(8) CHECK (locale IN ('pt-BR', 'en')),
        created_at TIMESTAMP NOT NULL DEFAULT clock_timestamp(),
        expires_at TIMESTAMP NOT NULL,
        expired_at TIMESTAMP,
        swept_at TIMESTAMP,
        CONSTRAINT checkout_sessions_total_is_the_sum
          CHECK (total_cents = products_cents + shipping_cents - discount_cents),
        CONSTRAINT checkout_sessions_have_known_methods
          CHECK (cardinality(methods) > 0 AND methods <@ ARRAY['credit_card', 'pix', 'boleto'])
      )
    `);
    await queryRunner.query(`
      CREATE TABLE session_orders (
        order_id BIGINT PRIMARY KEY REFERENCES orders (id),
        session_id BIGINT NOT NULL REFERENCES checkout_sessions (id),
        total_cents INTEGER NOT NULL CHECK (total_cents > 0),
        is_live BOOLEAN NOT NULL,
        created_at TIMESTAMP NOT NULL DEFAULT clock_timestamp(),
        closed_at TIMESTAMP,
        CONSTRAINT session_orders_closed_have_their_time CHECK (is_live = (closed_at IS NULL))
      )
    `);
    await queryRunner.query(`
      CREATE TABLE session_payments (
        order_id BIGINT PRIMARY KEY REFERENCES orders (id),
        session_id BIGINT NOT NULL REFERENCES checkout_sessions (id),
        is_extra BOOLEAN NOT NULL,
        paid_at TIMESTAMP NOT NULL DEFAULT clock_timestamp(),
        flagged_at TIMESTAMP,
        CONSTRAINT session_payments_only_extra_are_flagged CHECK (is_extra OR flagged_at IS NULL)
      )
    `);
    const indexes = [
      `UNIQUE INDEX checkout_sessions_one_per_reference ON checkout_sessions (installation_id, reference)
         WHERE reference IS NOT NULL`,
      'INDEX checkout_sessions_of_installation ON checkout_sessions (installation_id, created_at DESC, id DESC)',
      'INDEX checkout_sessions_to_sweep ON checkout_sessions (expires_at) WHERE swept_at IS NULL',
      'UNIQUE INDEX session_orders_one_live_per_session ON session_orders (session_id) WHERE is_live',
      'INDEX session_orders_of_session ON session_orders (session_id, order_id)',
      'UNIQUE INDEX session_payments_one_first_per_session ON session_payments (session_id) WHERE NOT is_extra',
      'INDEX session_payments_to_flag ON session_payments (order_id) WHERE is_extra AND flagged_at IS NULL',
    ];
    for (const index of indexes) await queryRunner.query(`CREATE ${index}`);
    await this.createTrigger(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TRIGGER orders_record_session_payment ON orders');
    await queryRunner.query('DROP FUNCTION record_session_payment()');
    for (const table of ['session_payments', 'session_orders', 'checkout_sessions'])
      await queryRunner.query(`DROP TABLE ${table}`);
  }

  /** The trigger names every paid status: a test compares its list with the service's. */
  private async createTrigger(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION record_session_payment() RETURNS TRIGGER LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
      DECLARE
        paid_session BIGINT;
      BEGIN
        SELECT session_id INTO paid_session FROM session_orders WHERE order_id = NEW.id;
        IF paid_session IS NULL OR EXISTS (SELECT FROM session_payments WHERE order_id = NEW.id) THEN
          RETURN NULL;
        END IF;
        INSERT INTO session_payments (order_id, session_id, is_extra) VALUES (NEW.id, paid_session, FALSE)
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
          INSERT INTO session_payments (order_id, session_id, is_extra) VALUES (NEW.id, paid_session, TRUE)
          ON CONFLICT DO NOTHING;
        END IF;
        RETURN NULL;
      END $$
    `);
    await queryRunner.query(`
      CREATE TRIGGER orders_record_session_payment AFTER UPDATE OF status ON orders
      FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status AND NEW.status IN ('autorizado', 'aprovado',
        'pendente_integracao', 'pendente_integracao_em_analise', 'integrado', 'estornado', 'chargeback_em_tratativa',
        'chargeback_em_disputa', 'chargeback_perdido', 'chargeback_vencido'))
      EXECUTE FUNCTION record_session_payment()
    `);
  }
}
