import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Replaces payment_attempts, refund_requests, the upsells' keys and the leases of idempotency_keys with one table of
 * operations. Up and down move the rows. An operation that was running is `unknown` afterwards, and is settled by
 * reading its order at Appmax.
 */
export class CreateOperationsTable1795737600040 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await this.scopeKeys(queryRunner);
    await this.createTable(queryRunner);
    await this.moveRows(queryRunner);
    await queryRunner.query("DELETE FROM idempotency_keys WHERE key LIKE 'upsell %'");
    await queryRunner.query('ALTER TABLE idempotency_keys DROP COLUMN order_id, DROP COLUMN locked_until');
    await queryRunner.query('DROP TABLE refund_requests');
    await queryRunner.query('DROP TABLE payment_attempts');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await this.createFormerTables(queryRunner);
    await this.moveRowsBack(queryRunner);
    await queryRunner.query('DROP TABLE operations');
    await queryRunner.query('DROP TYPE operation_state');
    await queryRunner.query('DROP TYPE operation_kind');
    // One key may have been used on several routes since: its first use stays.
    await queryRunner.query(`
      DELETE FROM idempotency_keys k USING idempotency_keys earlier
      WHERE earlier.tenant = k.tenant AND earlier.key = k.key AND earlier.id < k.id
    `);
    await queryRunner.query('ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_scope_key');
    await queryRunner.query('DROP INDEX idempotency_keys_expires_at');
    await queryRunner.query(`
      ALTER TABLE idempotency_keys DROP COLUMN access, DROP COLUMN route, DROP COLUMN lease_token,
        DROP COLUMN lease_expires_at, DROP COLUMN expires_at
    `);
    await queryRunner.query(
      'ALTER TABLE idempotency_keys ADD CONSTRAINT idempotency_keys_tenant_key_key UNIQUE (tenant, key)',
    );
  }

  /** Adds access level, route and lease to the keys. Existing keys match all routes: their own is not known. */
  private async scopeKeys(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE idempotency_keys
        ADD COLUMN access VARCHAR(16) NOT NULL DEFAULT '*',
        ADD COLUMN route VARCHAR(128) NOT NULL DEFAULT '*',
        ADD COLUMN lease_token UUID,
        ADD COLUMN lease_expires_at TIMESTAMP,
        ADD COLUMN expires_at TIMESTAMP
    `);
    await queryRunner.query("UPDATE idempotency_keys SET expires_at = created_at + INTERVAL '24 hours'");
    await queryRunner.query(`
      ALTER TABLE idempotency_keys
        ALTER COLUMN access DROP DEFAULT,
        ALTER COLUMN route DROP DEFAULT,
        ALTER COLUMN expires_at SET NOT NULL,
        DROP CONSTRAINT idempotency_keys_tenant_key_key,
        ADD CONSTRAINT idempotency_keys_scope_key UNIQUE (tenant, key, access, route)
    `);
    await queryRunner.query('CREATE INDEX idempotency_keys_expires_at ON idempotency_keys (expires_at)');
  }

  private async createTable(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      "CREATE TYPE operation_kind AS ENUM ('order', 'credit_card', 'pix', 'boleto', 'upsell', 'refund')",
    );
    await queryRunner.query(`
      CREATE TYPE operation_state AS ENUM ('prepared', 'sent', 'unknown', 'done', 'confirmed', 'declined', 'refused',
        'not_sent', 'not_done', 'denied')
    `);
    await queryRunner.query(`
      CREATE TABLE operations (
        id BIGSERIAL PRIMARY KEY,
        kind operation_kind NOT NULL,
        state operation_state NOT NULL DEFAULT 'prepared',
        installation_id BIGINT NOT NULL REFERENCES installations (id),
        order_id BIGINT REFERENCES orders (id),
        sale VARCHAR(128),
        amount_cents INTEGER CHECK (amount_cents >= 0),
        installments INTEGER,
        refund_type VARCHAR(16) CHECK (refund_type IN ('total', 'partial')),
        idempotency_key_id BIGINT REFERENCES idempotency_keys (id) ON DELETE SET NULL,
        request_digest CHAR(64),
        request_id VARCHAR(128),
        lease_token UUID,
        lease_expires_at TIMESTAMP,
        call_limit_seconds INTEGER NOT NULL CHECK (call_limit_seconds > 0),
        prepared_at TIMESTAMP NOT NULL DEFAULT clock_timestamp(),
        sent_at TIMESTAMP,
        settled_at TIMESTAMP,
        baseline JSONB,
        evidence JSONB,
        failure TEXT,
        result JSONB,
        code_expires_at TIMESTAMP,
        superseded_at TIMESTAMP,
        paid_twice_at TIMESTAMP,
        checks INTEGER NOT NULL DEFAULT 0,
        next_check_at TIMESTAMP,
        resolved_by VARCHAR(64),
        resolution_note TEXT,
        CONSTRAINT operations_sent_have_their_time
          CHECK (state IN ('prepared', 'not_sent') OR sent_at IS NOT NULL),
        CONSTRAINT operations_settled_have_their_time
          CHECK ((state IN ('prepared', 'sent', 'unknown')) = (settled_at IS NULL)),
        CONSTRAINT operations_belong_to_a_sale CHECK (kind = 'order' OR sale IS NOT NULL),
        CONSTRAINT operations_of_money_name_their_order CHECK (kind IN ('order', 'upsell') OR order_id IS NOT NULL)
      )
    `);
    await this.createIndexes(queryRunner);
  }

  private async createIndexes(queryRunner: QueryRunner): Promise<void> {
    const open = "state IN ('prepared', 'sent', 'unknown')";
    const indexes = [
      `UNIQUE INDEX operations_one_open_payment_per_sale ON operations (sale)
         WHERE kind IN ('credit_card', 'pix', 'boleto', 'upsell') AND ${open}`,
      `UNIQUE INDEX operations_one_open_refund_per_order ON operations (order_id) WHERE kind = 'refund' AND ${open}`,
      `UNIQUE INDEX operations_one_charge_per_key ON operations (idempotency_key_id)
         WHERE kind IN ('credit_card', 'upsell') AND state NOT IN ('not_sent', 'refused')`,
      'INDEX operations_of_sale ON operations (sale, id)',
      'INDEX operations_of_order ON operations (order_id, id)',
      'INDEX operations_of_key ON operations (idempotency_key_id) WHERE idempotency_key_id IS NOT NULL',
      `INDEX operations_due ON operations (next_check_at) WHERE ${open}`,
      'INDEX operations_by_state ON operations (state, id)',
      'INDEX operations_paid_twice ON operations (id) WHERE paid_twice_at IS NOT NULL',
    ];
    for (const index of indexes) await queryRunner.query(`CREATE ${index}`);
  }

  private async moveRows(queryRunner: QueryRunner): Promise<void> {
    // A baseline of the status alone: amounts were not kept. Attempts that were unavailable may or may not have been sent.
    await queryRunner.query(`
      INSERT INTO operations (kind, state, installation_id, order_id, sale, amount_cents, installments, request_id,
        call_limit_seconds, prepared_at, sent_at, settled_at, baseline, failure, checks, next_check_at)
      SELECT a.method::operation_kind,
        CASE a.state WHEN 'succeeded' THEN 'done' WHEN 'declined' THEN 'declined' WHEN 'refused' THEN 'refused'
          WHEN 'unavailable' THEN 'not_done' ELSE 'unknown' END::operation_state,
        o.installation_id, a.order_id, 'order:' || a.order_id, a.amount_cents, a.installments, a.request_id,
        60, a.started_at, a.started_at, a.settled_at,
        jsonb_build_object('status', a.status_before, 'method', NULL, 'totalPaidCents', NULL, 'dueCents', NULL,
          'paidAt', NULL, 'updatedAt', NULL, 'refundedAt', NULL),
        a.failure, a.checks, CASE WHEN a.settled_at IS NULL THEN clock_timestamp() END
      FROM payment_attempts a JOIN orders o ON o.id = a.order_id ORDER BY a.id
    `);
    await queryRunner.query(`
      INSERT INTO operations (kind, state, installation_id, order_id, sale, amount_cents, refund_type, request_id,
        call_limit_seconds, prepared_at, sent_at, settled_at, failure, next_check_at)
      SELECT 'refund', r.state::operation_state, r.installation_id, r.order_id, 'order:' || r.order_id, r.amount_cents,
        r.type, r.request_id, 30, r.started_at, r.started_at,
        CASE WHEN r.state <> 'unknown' THEN COALESCE(r.settled_at, r.started_at) END, r.failure,
        CASE WHEN r.state = 'unknown' THEN clock_timestamp() END
      FROM (
        SELECT r.id, r.type, r.amount_cents, r.request_id, r.started_at, r.settled_at, r.failure, r.order_id,
          o.installation_id,
          CASE
            WHEN r.state = 'accepted' THEN 'done'
            WHEN r.state IN ('declined', 'refused') THEN 'refused'
            WHEN r.state = 'unavailable' THEN 'not_done'
            -- An order can have one open refund: further ones of before count as accepted until a person says otherwise.
            WHEN row_number() OVER (PARTITION BY r.order_id, r.state IN ('started', 'unknown') ORDER BY r.id) > 1 THEN 'done'
            ELSE 'unknown'
          END AS state
        FROM refund_requests r JOIN orders o ON o.id = r.order_id
      ) r ORDER BY r.id
    `);
    await queryRunner.query(`
      INSERT INTO operations (kind, state, installation_id, sale, request_digest, call_limit_seconds, prepared_at,
        sent_at, settled_at, result)
      SELECT 'upsell', CASE WHEN k.response_status = 200 THEN 'done' ELSE 'unknown' END::operation_state, i.id,
        'upsell:' || i.id || ':' || substr(k.key, 8), k.digest, 30, k.created_at, k.created_at,
        CASE WHEN k.response_status = 200 THEN k.created_at END,
        CASE WHEN k.response_status = 200 THEN k.response_body::jsonb END
      FROM idempotency_keys k JOIN installations i ON i.external_key = k.tenant WHERE k.key LIKE 'upsell %' ORDER BY k.id
    `);
    // The last payment of the order that a key made is the key's own; a charge belongs to one key alone.
    await queryRunner.query(`
      UPDATE operations o SET idempotency_key_id = own.key_id
      FROM (
        SELECT DISTINCT ON (k.id) k.id AS key_id, (
          SELECT p.id FROM operations p
          WHERE p.order_id = k.order_id AND p.kind IN ('credit_card', 'pix', 'boleto') AND p.prepared_at >= k.created_at
          ORDER BY p.id DESC LIMIT 1) AS operation_id
        FROM idempotency_keys k WHERE k.order_id IS NOT NULL
      ) own WHERE o.id = own.operation_id
    `);
    // Without this an order that a key made would be made again by the key's repeat.
    await queryRunner.query(`
      INSERT INTO operations (kind, state, installation_id, order_id, sale, amount_cents, idempotency_key_id,
        call_limit_seconds, prepared_at, sent_at, settled_at)
      SELECT 'order', 'done', o.installation_id, o.id, 'order:' || o.id, o.total_cents, k.id, 30, k.created_at,
        k.created_at, k.created_at
      FROM idempotency_keys k JOIN orders o ON o.id = k.order_id ORDER BY k.id
    `);
  }

  private async createFormerTables(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE payment_attempts (
        id BIGSERIAL PRIMARY KEY,
        order_id BIGINT NOT NULL REFERENCES orders (id),
        method VARCHAR(32) NOT NULL,
        amount_cents INTEGER NOT NULL,
        installments INTEGER,
        status_before VARCHAR(64) NOT NULL,
        state VARCHAR(16) NOT NULL DEFAULT 'started',
        appmax_status VARCHAR(64),
        failure TEXT,
        request_id VARCHAR(128),
        started_at TIMESTAMP NOT NULL DEFAULT NOW(),
        lost_at TIMESTAMP,
        checks INTEGER NOT NULL DEFAULT 0,
        next_check_at TIMESTAMP NOT NULL,
        settled_at TIMESTAMP
      )
    `);
    await queryRunner.query(`
      CREATE UNIQUE INDEX payment_attempts_one_open_per_order ON payment_attempts (order_id) WHERE settled_at IS NULL
    `);
    await queryRunner.query(
      'CREATE INDEX payment_attempts_due ON payment_attempts (next_check_at) WHERE settled_at IS NULL',
    );
    await queryRunner.query('CREATE INDEX payment_attempts_order_id ON payment_attempts (order_id, id)');
    await queryRunner.query(`
      CREATE TABLE refund_requests (
        id BIGSERIAL PRIMARY KEY,
        order_id BIGINT NOT NULL REFERENCES orders (id),
        type VARCHAR(16) NOT NULL,
        amount_cents INTEGER NOT NULL,
        state VARCHAR(16) NOT NULL DEFAULT 'started',
        failure TEXT,
        request_id VARCHAR(128),
        started_at TIMESTAMP NOT NULL DEFAULT NOW(),
        settled_at TIMESTAMP
      )
    `);
    await queryRunner.query('CREATE INDEX refund_requests_order_id ON refund_requests (order_id, id)');
    await queryRunner.query(
      'ALTER TABLE idempotency_keys ADD COLUMN order_id BIGINT, ADD COLUMN locked_until TIMESTAMP',
    );
  }

  private async moveRowsBack(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      INSERT INTO payment_attempts (order_id, method, amount_cents, installments, status_before, state, failure,
        request_id, started_at, lost_at, checks, next_check_at, settled_at)
      SELECT p.order_id, p.kind::text, COALESCE(p.amount_cents, 0), p.installments,
        COALESCE(p.baseline ->> 'status', 'pendente'),
        CASE p.state WHEN 'done' THEN 'succeeded' WHEN 'declined' THEN 'declined' WHEN 'refused' THEN 'refused'
          WHEN 'not_sent' THEN 'unavailable' WHEN 'not_done' THEN 'unavailable' ELSE 'unknown' END,
        p.failure, p.request_id, p.prepared_at, CASE WHEN p.settled_at IS NULL THEN clock_timestamp() END, p.checks,
        clock_timestamp(), p.settled_at
      FROM operations p WHERE p.kind IN ('credit_card', 'pix', 'boleto') ORDER BY p.id
    `);
    await queryRunner.query(`
      INSERT INTO refund_requests (order_id, type, amount_cents, state, failure, request_id, started_at, settled_at)
      SELECT p.order_id, COALESCE(p.refund_type, 'partial'), COALESCE(p.amount_cents, 0),
        CASE WHEN p.state IN ('done', 'confirmed') THEN 'accepted' WHEN p.state IN ('refused', 'denied') THEN 'refused'
          WHEN p.state IN ('not_sent', 'not_done') THEN 'unavailable' ELSE 'unknown' END,
        p.failure, p.request_id, p.prepared_at, p.settled_at
      FROM operations p WHERE p.kind = 'refund' ORDER BY p.id
    `);
    await queryRunner.query(`
      UPDATE idempotency_keys k SET order_id = p.order_id, locked_until = NULL
      FROM operations p WHERE p.idempotency_key_id = k.id AND p.order_id IS NOT NULL
    `);
    await queryRunner.query(`
      INSERT INTO idempotency_keys (tenant, key, digest, response_status, response_body, created_at, access, route, expires_at)
      SELECT i.external_key, 'upsell ' || split_part(p.sale, ':', 3), COALESCE(p.request_digest, repeat('0', 64)),
        CASE p.state WHEN 'done' THEN 200 ELSE 502 END,
        CASE p.state WHEN 'done' THEN p.result::text ELSE '{"message": "payment outcome unknown"}' END,
        p.prepared_at, '*', '*', p.prepared_at + INTERVAL '24 hours'
      FROM operations p JOIN installations i ON i.id = p.installation_id
      WHERE p.kind = 'upsell' AND p.state IN ('sent', 'unknown', 'done')
      ON CONFLICT DO NOTHING
    `);
  }
}
