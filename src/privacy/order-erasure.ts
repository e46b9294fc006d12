import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { queryRows } from '../database';
import { AuditLog, COMMAND } from '../keys';
import { type OpenOperation, openOperations } from './open-work';
import type { PersonOrder } from './person/person-orders';

/** Thrown if the personal data of an order can't be erased yet: a payment is under way. */
export class OrderInUseError extends Error {
  constructor(readonly operations: readonly OpenOperation[]) {
    super('A payment of the order is under way');
  }
}

/** The columns of operations that come from a person: keyed digests, and an operator's text. */
const CLEAR_OPERATION = 'payer_digest = NULL, request_digest = NULL, resolution_note = NULL';
const HAS_PERSONAL_DATA =
  '(payer_digest IS NOT NULL OR request_digest IS NOT NULL OR resolution_note IS NOT NULL)';

/** Erases the personal data of orders, each in one transaction, with its entry in the audit log. */
@Injectable()
export class OrderErasure {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Erases the personal data of an order, except that of its sessions and payloads of webhooks. From then on, webhooks of
   * the order are reduced in the background.
   *
   * @returns false if there was none.
   * @throws OrderInUseError
   */
  async erase(order: PersonOrder, action: string): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await this.lock(order.id, manager);
      const changes = [
        await this.clearOperations(order.id, manager),
        await this.clearOrder(order.id, manager),
        await this.clearNotifications(order.id, manager),
        await queryRows(
          manager,
          'INSERT INTO erased_orders (order_id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING order_id',
          [order.id],
        ),
      ];
      const isChanged = changes.some((rows) => rows.length > 0);
      const { appmax_order_id: subjectId, external_key: externalKey } = order;
      if (isChanged)
        await this.audit.record({ actor: COMMAND, action, subjectId, externalKey, status: 200 }, manager);
      return isChanged;
    });
  }

  /** Erases what operations contain of a person whose order they do not belong to. @returns their number. */
  async eraseOperations(ids: readonly number[]): Promise<number> {
    const rows = await queryRows(
      this.dataSource,
      `WITH locked AS (SELECT id FROM operations WHERE id = ANY ($1::bigint[]) ORDER BY id FOR UPDATE)
       UPDATE operations p SET payer_digest = NULL FROM locked WHERE p.id = locked.id AND p.payer_digest IS NOT NULL
         AND p.state NOT IN ('prepared', 'sent', 'unknown') RETURNING p.id`,
      [ids],
    );
    return rows.length;
  }

  /** Locks the operations, then the order, as payments do. @throws OrderInUseError */
  private async lock(orderId: number, manager: EntityManager): Promise<void> {
    for (const sql of [
      'SELECT id FROM operations WHERE order_id = $1 ORDER BY id FOR UPDATE',
      'SELECT id FROM orders WHERE id = $1 FOR UPDATE',
    ])
      await queryRows(manager, sql, [orderId]);
    const open = await openOperations(manager, [orderId], []);
    if (open.length > 0) throw new OrderInUseError(open);
  }

  private async clearOperations(orderId: number, manager: EntityManager): Promise<object[]> {
    const reasons = await queryRows<object>(
      manager,
      `DELETE FROM refund_reasons WHERE operation_id IN (SELECT id FROM operations WHERE order_id = $1)
       RETURNING operation_id`,
      [orderId],
    );
    const operations = await queryRows<object>(
      manager,
      `UPDATE operations SET ${CLEAR_OPERATION} WHERE order_id = $1 AND ${HAS_PERSONAL_DATA} RETURNING id`,
      [orderId],
    );
    // Keys that have not expired stay: without them a repeat of the request could pay again.
    const keys = await queryRows<object>(
      manager,
      `DELETE FROM idempotency_keys WHERE expires_at <= clock_timestamp()
         AND id IN (SELECT idempotency_key_id FROM operations WHERE order_id = $1) RETURNING id`,
      [orderId],
    );
    return [...reasons, ...operations, ...keys];
  }

  /** The boleto names its payer. With the hash, the card could be charged again. */
  private clearOrder(orderId: number, manager: EntityManager): Promise<object[]> {
    return queryRows<object>(
      manager,
      `UPDATE orders SET pix_qr_code = NULL, pix_emv = NULL, boleto_pdf_url = NULL, boleto_digitavel = NULL,
         upsell_hash = NULL
       WHERE id = $1 AND num_nonnulls(pix_qr_code, pix_emv, boleto_pdf_url, boleto_digitavel, upsell_hash) > 0
       RETURNING id`,
      [orderId],
    );
  }

  private clearNotifications(orderId: number, manager: EntityManager): Promise<object[]> {
    return queryRows<object>(
      manager,
      `UPDATE notifications SET data = data - 'metadata' WHERE data ? 'metadata'
         AND id IN (SELECT notification_id FROM notification_deliveries WHERE order_id = $1) RETURNING id`,
      [orderId],
    );
  }
}
