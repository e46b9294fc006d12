import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { ORDER_STATUSES } from '../appmax';
import { queryRows } from '../database';
import { type Order, statusesYieldingToPayment } from '../orders';

/** The columns of an order that a payment writes, in addition to the status. */
export interface OrderColumns {
  readonly pixQrCode?: string;
  readonly pixEmv?: string;
  readonly boletoPdfUrl?: string;
  readonly boletoDigitavel?: string;
  readonly upsellHash?: string;
}

const COLUMN_NAMES: Readonly<Record<keyof OrderColumns, string>> = {
  pixQrCode: 'pix_qr_code',
  pixEmv: 'pix_emv',
  boletoPdfUrl: 'boleto_pdf_url',
  boletoDigitavel: 'boleto_digitavel',
  upsellHash: 'upsell_hash',
};

/** The status of an order that an operation proves, with the other columns to write. */
export interface ProvenRow {
  readonly orderId: number;
  readonly status: string;
  readonly columns: OrderColumns;
}

/** An order that was just created at Appmax. */
export interface MadeOrder {
  readonly installationId: number;
  readonly appmaxCustomerId: number;
  readonly appmaxOrderId: number;
  readonly totalCents: number;
}

interface SavedRow {
  readonly id: number;
  readonly installation_id: number;
  readonly status: string;
  readonly payment_method: Order['paymentMethod'];
  readonly total_cents: number;
  readonly pix_qr_code: string | null;
  readonly pix_emv: string | null;
  readonly boleto_pdf_url: string | null;
  readonly boleto_digitavel: string | null;
  readonly upsell_hash: string | null;
  readonly created_at: Date | null;
  readonly updated_at: Date | null;
}

/**
 * Returns the SQL assignments that write a proven status and its columns to `orders`. A later status is not replaced.
 *
 * @param first the number of the first free parameter.
 */
export function provenAssignments(
  { status, columns }: ProvenRow,
  first: number,
): { sql: string; parameters: unknown[] } {
  const parameters: unknown[] = [status, statusesYieldingToPayment(status), ORDER_STATUSES];
  const assignments = [
    `status = CASE WHEN status = ANY($${first + 1}::varchar[]) OR NOT status = ANY($${first + 2}::varchar[]) THEN $${first}::varchar ELSE status END`,
  ];
  for (const [column, name] of Object.entries(COLUMN_NAMES)) {
    const value = columns[column as keyof OrderColumns];
    if (value === undefined) continue;
    parameters.push(value);
    assignments.push(`${name} = $${first + parameters.length - 1}`);
  }
  return { sql: assignments.join(', '), parameters };
}

/** Reads and writes the rows of orders for payments. */
@Injectable()
export class OrderRows {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Saves an order that an operation has created, and ends the operation, in one statement. An existing row stays
   * unchanged: a webhook may have saved it already. If the request has lost the lease of its key, the operation is
   * detached from the key, because the repeated request has created its own order.
   */
  async saveMade(
    { id, keyToken }: { id: number; keyToken: string | undefined },
    order: MadeOrder,
  ): Promise<Order> {
    const { installationId, appmaxCustomerId, appmaxOrderId, totalCents } = order;
    const [saved] = await queryRows<SavedRow>(
      this.dataSource,
      `WITH saved AS (
         INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status, total_cents)
         VALUES ($2, $3, $4, 'pendente', $5)
         ON CONFLICT (appmax_order_id) DO UPDATE SET appmax_order_id = excluded.appmax_order_id
         RETURNING *),
       done AS (
         UPDATE operations p SET state = 'done', order_id = saved.id, sale = 'order:' || saved.id,
           settled_at = clock_timestamp(), lease_token = NULL, next_check_at = NULL,
           idempotency_key_id = (SELECT k.id FROM idempotency_keys k
             WHERE k.id = p.idempotency_key_id AND k.lease_token = $6::uuid)
         FROM saved WHERE p.id = $1 AND p.state IN ('sent', 'unknown', 'not_done'))
       SELECT id, installation_id, status, payment_method, total_cents, pix_qr_code, pix_emv, boleto_pdf_url,
         boleto_digitavel, upsell_hash, created_at, updated_at FROM saved`,
      [id, installationId, appmaxCustomerId, appmaxOrderId, totalCents, keyToken ?? null],
    );
    if (saved === undefined) throw new Error(`Order ${appmaxOrderId} was not saved`);
    return {
      id: saved.id,
      installationId: saved.installation_id,
      appmaxCustomerId,
      appmaxOrderId,
      status: saved.status,
      paymentMethod: saved.payment_method,
      totalCents: saved.total_cents,
      pixQrCode: saved.pix_qr_code,
      pixEmv: saved.pix_emv,
      boletoPdfUrl: saved.boleto_pdf_url,
      boletoDigitavel: saved.boleto_digitavel,
      upsellHash: saved.upsell_hash,
      createdAt: saved.created_at,
      updatedAt: saved.updated_at,
    };
  }

  /**
   * Locks an order until the end of the transaction.
   *
   * @param dueCents the total at Appmax, if it was read. It includes interest, so the row's total is raised to it.
   */
  async lock(
    manager: EntityManager,
    orderId: number,
    dueCents?: number | null,
  ): Promise<{ status: string; totalCents: number } | undefined> {
    const [row] = await queryRows<{ status: string; total_cents: number }>(
      manager,
      'SELECT status, total_cents FROM orders WHERE id = $1 FOR UPDATE',
      [orderId],
    );
    if (row === undefined) return undefined;
    const totalCents = Math.max(row.total_cents, dueCents ?? 0);
    if (totalCents > row.total_cents)
      await manager.query('UPDATE orders SET total_cents = $2 WHERE id = $1', [orderId, totalCents]);
    return { status: row.status, totalCents };
  }

  /** Writes the status and columns that an operation proves. @returns the order's new status. */
  async proveStatus(manager: EntityManager, row: ProvenRow): Promise<string | undefined> {
    const { sql, parameters } = provenAssignments(row, 2);
    const [written] = await queryRows<{ status: string }>(
      manager,
      `UPDATE orders SET ${sql} WHERE id = $1 RETURNING status`,
      [row.orderId, ...parameters],
    );
    return written?.status;
  }

  /**
   * Writes the order's status at Appmax, if the order has not changed since Appmax was asked.
   *
   * @returns the new status; undefined if the order has changed.
   */
  async applyStatus(
    manager: EntityManager,
    { orderId, from, status, at }: { orderId: number; from: string; status: string; at: Date },
  ): Promise<string | undefined> {
    const [written] = await queryRows<{ status: string }>(
      manager,
      `UPDATE orders o SET status = $3 WHERE id = $1 AND status = $2 AND NOT EXISTS (
           SELECT FROM order_status_changes c WHERE c.appmax_order_id = o.appmax_order_id AND date_trunc('milliseconds', c.changed_at) > $4)
         RETURNING status`,
      [orderId, from, status, at],
    );
    return written?.status;
  }
}
