import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { ORDER_STATUSES } from '../appmax';
import { queryPrepared, queryRows } from '../database';
import { type Order, statusesYieldingToPayment } from '../orders';
import { OPERATION_COLUMNS, type OperationRow } from './operations/rows/operation-row';

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

/** An order with the operations of its sale, oldest first, as one statement has read them. */
export interface OrderWithOperations {
  readonly order: Order;
  readonly operations: readonly OperationRow[];
  /** True if the order belongs to a checkout session, whose routes alone may pay it. */
  readonly isOfSession: boolean;
}

const ORDER_COLUMNS = {
  id: 'id',
  installationId: 'installation_id',
  appmaxCustomerId: 'appmax_customer_id',
  appmaxOrderId: 'appmax_order_id',
  status: 'status',
  paymentMethod: 'payment_method',
  totalCents: 'total_cents',
  ...COLUMN_NAMES,
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const satisfies Readonly<Record<keyof Order, string>>;

/** The prefix of the order's columns in a row that has an operation's columns, too. */
const PREFIX = 'order:';

/** SQL: the columns of an order `o`. */
const ORDER_SELECTION = Object.entries(ORDER_COLUMNS)
  .map(([property, column]) => `o.${column} AS "${PREFIX}${property}"`)
  .join(', ');

type JoinedRow = Readonly<Record<string, unknown>> & { readonly id: number | null };

/** Maps the rows of one order, each with one of its operations; without operations, one row with empty columns. */
function joined(rows: readonly JoinedRow[]): OrderWithOperations | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const order = Object.fromEntries(
    Object.keys(ORDER_COLUMNS).map((property) => [property, first[PREFIX + property]]),
  );
  return {
    order: order as unknown as Order,
    operations: rows.filter(({ id }) => id !== null) as unknown as OperationRow[],
    isOfSession: first['isOfSession'] === true,
  };
}

/**
 * Returns the SQL assignments that write a proven status and its columns to `orders`, and the names of the columns. A
 * later status is not replaced.
 *
 * @param first the number of the first free parameter.
 */
export function provenAssignments(
  { status, columns }: ProvenRow,
  first: number,
): { sql: string; columns: string[]; parameters: unknown[] } {
  const parameters: unknown[] = [status, statusesYieldingToPayment(status), ORDER_STATUSES];
  const assignments = [
    `status = CASE WHEN status = ANY($${first + 1}::varchar[]) OR NOT status = ANY($${first + 2}::varchar[]) THEN $${first}::varchar ELSE status END`,
  ];
  const written: string[] = [];
  for (const [column, name] of Object.entries(COLUMN_NAMES)) {
    const value = columns[column as keyof OrderColumns];
    if (value === undefined) continue;
    parameters.push(value);
    written.push(name);
    assignments.push(`${name} = $${first + parameters.length - 1}`);
  }
  return { sql: assignments.join(', '), columns: written, parameters };
}

/** Reads and writes the rows of orders for payments. */
@Injectable()
export class OrderRows {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Finds a merchant's order by its id at Appmax, with the operations of its sale. */
  async find({
    installationId,
    appmaxOrderId,
  }: Pick<Order, 'installationId' | 'appmaxOrderId'>): Promise<OrderWithOperations | undefined> {
    const rows = await queryPrepared<JoinedRow>(this.dataSource, {
      name: 'payments_order',
      text: `SELECT ${ORDER_SELECTION}, p.*,
          EXISTS (SELECT FROM session_orders so WHERE so.order_id = o.id) AS "isOfSession"
        FROM orders o LEFT JOIN LATERAL (SELECT ${OPERATION_COLUMNS} FROM operations WHERE sale = 'order:' || o.id) p ON TRUE
        WHERE o.appmax_order_id = $1 AND o.installation_id = $2 ORDER BY p.id`,
      values: [appmaxOrderId, installationId],
    });
    return joined(rows);
  }

  /**
   * Saves an order that an operation has created, and ends the operation, in one statement. An existing row stays
   * unchanged: a webhook may have saved it already. If the request has lost the lease of its key, the operation is
   * detached from the key, because the repeated request has created its own order.
   *
   * @returns the order with the operations of its sale: the one that created it, and those of other requests.
   */
  async saveMade(
    { id, keyToken }: { id: number; keyToken: string | undefined },
    order: MadeOrder,
  ): Promise<OrderWithOperations> {
    const { installationId, appmaxCustomerId, appmaxOrderId, totalCents } = order;
    const rows = await queryPrepared<JoinedRow>(this.dataSource, {
      name: 'payments_save_made',
      text: `WITH saved AS (
         INSERT INTO orders (installation_id, appmax_customer_id, appmax_order_id, status, total_cents)
         VALUES ($2, $3, $4, 'pendente', $5)
         ON CONFLICT (appmax_order_id) DO UPDATE SET appmax_order_id = excluded.appmax_order_id
         RETURNING *),
       done AS (
         UPDATE operations p SET state = 'done', order_id = saved.id, sale = 'order:' || saved.id,
           settled_at = clock_timestamp(), lease_token = NULL, next_check_at = NULL,
           idempotency_key_id = (SELECT k.id FROM idempotency_keys k
             WHERE k.id = p.idempotency_key_id AND k.lease_token = $6::uuid)
         FROM saved WHERE p.id = $1 AND p.state IN ('sent', 'unknown', 'not_done')
         RETURNING p.*)
       SELECT ${ORDER_SELECTION}, p.* FROM saved o LEFT JOIN (
         SELECT ${OPERATION_COLUMNS} FROM done AS operations
         UNION ALL
         SELECT ${OPERATION_COLUMNS} FROM operations
           WHERE sale = 'order:' || (SELECT saved.id FROM saved) AND id <> $1) p ON TRUE
       ORDER BY p.id`,
      values: [id, installationId, appmaxCustomerId, appmaxOrderId, totalCents, keyToken ?? null],
    });
    const saved = joined(rows);
    if (saved === undefined) throw new Error(`Order ${appmaxOrderId} was not saved`);
    return saved;
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
