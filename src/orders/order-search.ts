import type { PaymentMethod } from '../appmax';
import { Conditions, olderThan } from '../common/listing/conditions';
import { type PageRequest, rowsToRead } from '../common/listing/page';

/** The filters of the list of orders. `from` (inclusive) and `to` (exclusive) apply to created_at. */
export interface OrderListRequest extends PageRequest {
  readonly order_id?: number | undefined;
  /** The shop's own name for the sale of the order's session. */
  readonly reference?: string | undefined;
  readonly external_key?: string | undefined;
  readonly status?: string | undefined;
  readonly payment_method?: PaymentMethod | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Inclusive, in cents. */
  readonly min_total_cents?: number | undefined;
  /** Inclusive, in cents. */
  readonly max_total_cents?: number | undefined;
}

/** A row of the list. It has no codes: the image of one Pix is as large as a hundred rows. */
export interface ListedOrder {
  readonly id: number;
  readonly order_id: number;
  readonly customer_id: number;
  readonly installation_id: number;
  readonly status: string;
  readonly payment_method: PaymentMethod | null;
  readonly total_cents: number;
  readonly reference: string | null;
  readonly session_id: string | null;
  readonly created_at: Date | null;
  readonly updated_at: Date | null;
}

/** A statement with its parameters. */
export interface Statement {
  readonly sql: string;
  readonly parameters: unknown[];
}

/** Builds the SELECT of one page of orders, newest first. */
export function pageStatement(request: OrderListRequest, installationId: number | undefined): Statement {
  const conditions = filtersOf(request, installationId).where(request.cursor, (value) =>
    olderThan('orders', value),
  );
  // The sessions are joined after the page is cut: only its orders are looked up.
  return {
    sql: `SELECT o.*, s.reference, s.public_id AS session_id
      FROM (SELECT id, appmax_order_id AS order_id, appmax_customer_id AS customer_id, installation_id, status,
          payment_method, total_cents, created_at, updated_at
        FROM orders ${conditions.sql} ORDER BY created_at DESC, id DESC LIMIT ${rowsToRead(request)}) o
      LEFT JOIN session_orders so ON so.order_id = o.id
      LEFT JOIN checkout_sessions s ON s.id = so.session_id
      ORDER BY o.created_at DESC, o.id DESC`,
    parameters: conditions.parameters,
  };
}

/** Builds the SELECT of the number of orders, in the column `count`, which stops at `maximum`. */
export function countStatement(
  request: OrderListRequest,
  installationId: number | undefined,
  maximum: number,
): Statement {
  const conditions = filtersOf(request, installationId);
  return {
    sql: `SELECT count(*)::int AS count FROM (SELECT FROM orders ${conditions.sql} LIMIT ${maximum}) o`,
    parameters: conditions.parameters,
  };
}

function filtersOf(request: OrderListRequest, installationId: number | undefined): Conditions {
  return new Conditions()
    .where(request.order_id, (value) => `appmax_order_id = ${value}`)
    .where(request.reference, ofReference)
    .where(installationId, (value) => `installation_id = ${value}`)
    .where(request.status, (value) => `status = ${value}`)
    .where(request.payment_method, (value) => `payment_method = ${value}`)
    .where(request.from, (value) => `created_at >= ${value}`)
    .where(request.to, (value) => `created_at < ${value}`)
    .where(request.min_total_cents, (value) => `total_cents >= ${value}`)
    .where(request.max_total_cents, (value) => `total_cents <= ${value}`);
}

/** SQL: the orders of sessions with a reference. As an array, so that they are found before any other filter applies. */
const ofReference = (parameter: string): string =>
  `id = ANY (ARRAY(SELECT so.order_id FROM checkout_sessions s JOIN session_orders so ON so.session_id = s.id
    WHERE s.reference = ${parameter}))`;
