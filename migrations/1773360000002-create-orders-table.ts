import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the table of checkout orders with their payment details. */
export class CreateOrdersTable1773360000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE orders (
        id BIGSERIAL PRIMARY KEY,
        installation_id BIGINT NOT NULL REFERENCES installations (id),
        appmax_customer_id INTEGER NOT NULL,
        appmax_order_id INTEGER NOT NULL UNIQUE,
        status VARCHAR(64) NOT NULL DEFAULT 'pendente',
        payment_method VARCHAR(32),
        total_cents INTEGER NOT NULL DEFAULT 0,
        pix_qr_code TEXT,
        pix_emv TEXT,
        boleto_pdf_url TEXT,
        boleto_digitavel TEXT,
        upsell_hash VARCHAR(255),
        created_at TIMESTAMP,
        updated_at TIMESTAMP
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE orders');
  }
}
