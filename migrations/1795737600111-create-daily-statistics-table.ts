import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Creates the tables of the statistics and the triggers that queue changed orders. Existing orders are queued; the
 * service counts them in the background.
 */
export class CreateDailyStatisticsTable1795737600111 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // There is no foreign key on orders: a deleted order is queued, and its facts are taken back.
    await queryRunner.query(`
      CREATE TABLE statistics_queue (
        id BIGSERIAL PRIMARY KEY,
        order_id BIGINT NOT NULL,
        queued_at TIMESTAMP NOT NULL DEFAULT now()
      )
    `);
    await queryRunner.query(`
      CREATE TABLE order_facts (
        order_id BIGINT PRIMARY KEY,
        installation_id BIGINT NOT NULL,
        payment_method VARCHAR(32) NOT NULL,
        status VARCHAR(64) NOT NULL,
        total_cents INTEGER NOT NULL,
        made_on DATE NOT NULL,
        paid_on DATE,
        refunded_on DATE,
        refunded_cents BIGINT NOT NULL CHECK (refunded_cents >= 0),
        declines INTEGER NOT NULL CHECK (declines >= 0),
        pix_seconds INTEGER CHECK (pix_seconds >= 0),
        CONSTRAINT order_facts_refund CHECK ((refunded_on IS NULL) = (refunded_cents = 0)),
        CONSTRAINT order_facts_pix CHECK (pix_seconds IS NULL OR paid_on IS NOT NULL)
      )
    `);
    await queryRunner.query(`
      CREATE TABLE daily_statistics (
        day DATE NOT NULL,
        installation_id BIGINT NOT NULL CHECK (installation_id >= 0),
        measure VARCHAR(16) NOT NULL CHECK (measure IN ('made', 'paid', 'refunded', 'declined', 'pix_wait')),
        payment_method VARCHAR(32) NOT NULL,
        detail VARCHAR(64) NOT NULL,
        entries BIGINT NOT NULL CHECK (entries >= 0),
        amount BIGINT NOT NULL,
        PRIMARY KEY (installation_id, day, measure, payment_method, detail)
      )
    `);
    await queryRunner.query(`
      CREATE TABLE daily_shop_sums (
        day DATE NOT NULL,
        installation_id BIGINT NOT NULL,
        orders BIGINT NOT NULL CHECK (orders >= 0),
        orders_cents BIGINT NOT NULL,
        paid BIGINT NOT NULL CHECK (paid >= 0),
        paid_cents BIGINT NOT NULL,
        refunds BIGINT NOT NULL CHECK (refunds >= 0),
        refunded_cents BIGINT NOT NULL,
        declines BIGINT NOT NULL CHECK (declines >= 0),
        PRIMARY KEY (day, installation_id)
      )
    `);
    await this.createTriggers(queryRunner);
    await queryRunner.query('INSERT INTO statistics_queue (order_id) SELECT id FROM orders ORDER BY id');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const trigger of [
      'operations_queue_statistics_updated ON operations',
      'operations_queue_statistics_inserted ON operations',
      'orders_queue_statistics_deleted ON orders',
      'orders_queue_statistics_updated ON orders',
      'orders_queue_statistics_inserted ON orders',
    ])
      await queryRunner.query(`DROP TRIGGER ${trigger}`);
    for (const name of ['queue_operation_statistics', 'queue_order_statistics'])
      await queryRunner.query(`DROP FUNCTION ${name}()`);
    for (const table of ['daily_shop_sums', 'daily_statistics', 'order_facts', 'statistics_queue'])
      await queryRunner.query(`DROP TABLE ${table}`);
  }

  private async createTriggers(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION queue_order_statistics() RETURNS TRIGGER LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
      BEGIN
        INSERT INTO statistics_queue (order_id, queued_at)
        VALUES (CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END, now() AT TIME ZONE 'UTC');
        RETURN NULL;
      END $$
    `);
    await queryRunner.query(`
      CREATE FUNCTION queue_operation_statistics() RETURNS TRIGGER LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
      BEGIN
        INSERT INTO statistics_queue (order_id, queued_at) VALUES (NEW.order_id, now() AT TIME ZONE 'UTC');
        RETURN NULL;
      END $$
    `);
    const order = 'FOR EACH ROW EXECUTE FUNCTION queue_order_statistics()';
    const operation = 'EXECUTE FUNCTION queue_operation_statistics()';
    const columns = ['installation_id', 'status', 'payment_method', 'total_cents', 'created_at'];
    const isChanged = (names: readonly string[]): string =>
      names.map((name) => `OLD.${name} IS DISTINCT FROM NEW.${name}`).join(' OR ');
    const isCounted = (row: string): string => `${row}.state NOT IN ('prepared', 'sent', 'unknown')`;
    const changed = isChanged(['state', 'order_id', 'amount_cents', 'settled_at', 'sent_at']);
    const triggers = [
      `orders_queue_statistics_inserted AFTER INSERT ON orders ${order}`,
      `orders_queue_statistics_updated AFTER UPDATE ON orders FOR EACH ROW WHEN (${isChanged(columns)})
         EXECUTE FUNCTION queue_order_statistics()`,
      `orders_queue_statistics_deleted AFTER DELETE ON orders ${order}`,
      `operations_queue_statistics_inserted AFTER INSERT ON operations FOR EACH ROW
         WHEN (NEW.order_id IS NOT NULL AND ${isCounted('NEW')}) ${operation}`,
      `operations_queue_statistics_updated AFTER UPDATE ON operations FOR EACH ROW
         WHEN (NEW.order_id IS NOT NULL AND (${isCounted('OLD')} OR ${isCounted('NEW')}) AND (${changed})) ${operation}`,
    ];
    for (const trigger of triggers) await queryRunner.query(`CREATE TRIGGER ${trigger}`);
  }
}
