import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the table of attempts to pay or refund. A row is written before each request to Appmax, so that after a crash
 * the possible charge is known. The partial unique index allows one running payment for each order, on all instances
 * together.
 */
export class CreatePaymentAttemptsTable1795305600010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
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
      CREATE UNIQUE INDEX payment_attempts_one_open_per_order ON payment_attempts (order_id)
      WHERE settled_at IS NULL
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
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE refund_requests');
    await queryRunner.query('DROP TABLE payment_attempts');
  }
}
