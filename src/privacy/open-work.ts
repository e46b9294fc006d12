import { queryRows, type StatementRunner } from '../database';
import { PAYABLE_STATUSES } from '../orders';

/** An operation because of which personal data can't be erased yet. */
export interface OpenOperation {
  readonly id: number;
  readonly kind: string;
  readonly state: string;
  /** The id at Appmax. */
  readonly order_id: number | null;
  readonly code_expires_at: Date | null;
}

/**
 * Returns the operations whose outcome is not known, and the Pix and boletos that can still be paid, of orders and of
 * single operations.
 */
export function openOperations(
  runner: StatementRunner,
  orderIds: readonly number[],
  operationIds: readonly number[],
): Promise<OpenOperation[]> {
  return queryRows<OpenOperation>(
    runner,
    `SELECT p.id, p.kind, p.state, o.appmax_order_id AS order_id, p.code_expires_at
     FROM operations p LEFT JOIN orders o ON o.id = p.order_id
     WHERE (p.order_id = ANY ($1::bigint[]) OR p.id = ANY ($2::bigint[])) AND (p.state IN ('prepared', 'sent', 'unknown')
       OR (p.kind IN ('pix', 'boleto') AND p.state = 'done' AND p.superseded_at IS NULL
         AND p.code_expires_at > clock_timestamp() AND o.status = ANY ($3::varchar[])))
     ORDER BY p.id`,
    [orderIds, operationIds, PAYABLE_STATUSES],
  );
}

/** Returns what an operation is, and what to do until the data can be erased. */
export function adviceOf({
  id,
  kind,
  state,
  order_id: orderId,
  code_expires_at: expiry,
}: OpenOperation): string {
  const what = `operation ${id} (${kind}${orderId === null ? '' : ` of order ${orderId}`}) is ${state}`;
  switch (state) {
    case 'unknown':
      return `${what}: wait until its outcome is known, or settle it with POST /admin/operations/${id}/resolve`;
    case 'done':
      return `${what}, and its code can be paid until ${expiry?.toISOString() ?? 'it expires'}: run the command after that`;
    default:
      return `${what}: it is being sent; run the command again in a few minutes`;
  }
}
