import { currentRequestId } from '../../../common/http/request-context';
import { isLeased, LEASE_EXPIRY } from '../../../common/leases/lease';
import { currentTraceparent } from '../../../common/tracing/spans';
import type { HeldKey } from '../../../idempotency';
import type { OperationKind, OrderReading } from '../state/operation';
import { KIND_LISTS } from './kind-lists';

/** An operation to insert. Amounts are in cents. */
export interface NewOperation {
  readonly kind: OperationKind;
  readonly installationId: number;
  readonly orderId?: number;
  /** The unit that may be charged at most once; undefined for an order that is not created yet. */
  readonly sale?: string;
  /** The id of the sale's newest operation that the caller has seen. If there is a newer one, nothing is written. */
  readonly newestSeen?: number;
  readonly amountCents?: number;
  readonly installments?: number | undefined;
  readonly refundType?: 'total' | 'partial';
  readonly callLimitSeconds: number;
  readonly baseline?: OrderReading | null;
  readonly digest?: string;
  /** The keyed digest of the shopper's document. */
  readonly payerDigest?: string | undefined;
}

/** SQL: inserts an operation, with {@link prepareParameters}. */
export const PREPARE = `INSERT INTO operations (kind, installation_id, order_id, sale, amount_cents, installments, refund_type,
    idempotency_key_id, request_digest, request_id, lease_token, lease_expires_at, next_check_at,
    call_limit_seconds, baseline, payer_digest, traceparent)
  SELECT $1::operation_kind, $2::bigint, $3::bigint, $4::varchar, $5::integer, $6::integer, $7::varchar, $8::bigint,
    $9::char(64), $10::varchar, $11::uuid, ${LEASE_EXPIRY}, ${LEASE_EXPIRY}, $12::integer, $13::jsonb, $16::char(64),
    $17::char(55)
  WHERE ($8 IS NULL OR EXISTS (
      SELECT FROM idempotency_keys k WHERE id = $8 AND lease_token = $14::uuid AND ${isLeased('k')}))
    AND ($15::bigint IS NULL OR NOT EXISTS (
      SELECT FROM operations WHERE sale = $4 AND id > $15 AND kind IN (${KIND_LISTS.payments})))
    AND ($1 NOT IN (${KIND_LISTS.methods}) OR NOT EXISTS (
      SELECT FROM session_orders WHERE order_id = $3 AND NOT is_live))
  ON CONFLICT DO NOTHING RETURNING id`;

/**
 * SQL, as a column of RETURNING: the commit of the statement does not wait for the disk. The fence does, which flushes
 * all earlier commits, too: an operation that was sent is never lost. If PostgreSQL crashes before, the row is lost,
 * its fence fails, and nothing is sent.
 */
export const FLUSHED_WITH_THE_FENCE = "set_config('synchronous_commit', 'off', true)";

/** @param key the key of the current request, which owns the operation. */
export function prepareParameters(
  operation: NewOperation,
  { key, token }: { key: HeldKey | undefined; token: string },
): unknown[] {
  return [
    operation.kind,
    operation.installationId,
    operation.orderId ?? null,
    operation.sale ?? null,
    operation.amountCents ?? null,
    operation.installments ?? null,
    operation.refundType ?? null,
    key?.id ?? null,
    operation.digest ?? key?.digest ?? null,
    currentRequestId() ?? null,
    token,
    operation.callLimitSeconds,
    operation.baseline ?? null,
    key?.leaseToken ?? null,
    operation.newestSeen ?? null,
    operation.payerDigest ?? null,
    currentTraceparent(),
  ];
}
