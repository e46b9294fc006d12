import {
  type Closure,
  isOfClass,
  type KindOf,
  type Operation,
  type OperationKind,
  type OperationState,
  type OrderReading,
  type Phase,
} from '../state/operation';

/** A row of `operations` with the columns that the rules need, and the database's time when it was read. */
export interface OperationRow {
  readonly id: number;
  readonly kind: OperationKind;
  readonly state: OperationState;
  readonly installation_id: number;
  readonly order_id: number | null;
  readonly sale: string | null;
  readonly idempotency_key_id: number | null;
  readonly lease_token: string | null;
  readonly lease_expires_at: Date | null;
  readonly amount_cents: number | null;
  readonly call_limit_seconds: number;
  readonly sent_at: Date | null;
  readonly settled_at: Date | null;
  readonly baseline: OrderReading | null;
  readonly evidence: OrderReading | null;
  readonly failure: string | null;
  readonly request_digest: string | null;
  /** The keyed digest of the document that the operation was made with. */
  readonly payer_digest: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly code_expires_at: Date | null;
  readonly superseded_at: Date | null;
  /** The reason why the order, of a checkout session, takes no payment. */
  readonly closure: Closure | null;
  /** True for the creation of an order if a backup was restored since: later operations of the sale may be lost. */
  readonly is_history_lost: boolean;
  readonly database_now: Date;
}

/** SQL: the reason why an order takes no payment; null if it takes one, and for orders without a session. */
const closureOf = (orderId: string): string => `(SELECT CASE
      WHEN NOT so.is_live THEN 'replaced'
      WHEN EXISTS (SELECT FROM session_payments sp WHERE sp.session_id = s.id) THEN 'session_completed'
      WHEN s.expired_at IS NOT NULL OR s.expires_at <= clock_timestamp() THEN 'session_expired' END
    FROM session_orders so JOIN checkout_sessions s ON s.id = so.session_id WHERE so.order_id = ${orderId})`;

export const OPERATION_COLUMNS = `id, kind, state, installation_id, order_id, sale, idempotency_key_id, lease_token,
  lease_expires_at, amount_cents, call_limit_seconds, sent_at, settled_at, baseline, evidence, failure, request_digest,
  payer_digest, result, code_expires_at, superseded_at, ${closureOf('operations.order_id')} AS closure,
  (kind = 'order' AND EXISTS (SELECT FROM restorations WHERE settled_at < readings_from)) AS is_history_lost,
  clock_timestamp()::timestamp AS database_now`;

/** The time for which a code without an expiry from Appmax certainly counts as open, in seconds. */
const DEFAULT_OPEN_SECONDS: Readonly<Record<KindOf<'code'>, number>> = {
  pix: 30 * 60,
  boleto: 10 * 24 * 3600,
};

/**
 * Maps a row to an operation for the rules, at one point in time.
 *
 * @param at the time of a reading's request, by the database's clock.
 * @param settleSeconds the time after the call's own limit during which its effect may still show up.
 */
export function toOperation(
  row: OperationRow,
  { at, settleSeconds }: { at: Date; settleSeconds: number },
): Operation {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    keyId: row.idempotency_key_id,
    leaseToken: row.lease_token,
    leaseOver: row.lease_expires_at === null || row.lease_expires_at.getTime() <= row.database_now.getTime(),
    phase: phaseOf(row, at, settleSeconds),
    amountCents: row.amount_cents,
    baseline: row.baseline,
    evidence: row.evidence,
    failure: row.failure,
    code: codeOf(row, at),
    isCodeOver: isCodeOver(row, at, settleSeconds),
    superseded: row.superseded_at !== null,
    isHistoryLost: row.is_history_lost,
  };
}

function phaseOf(
  { sent_at: sentAt, call_limit_seconds: limit }: OperationRow,
  at: Date,
  settle: number,
): Phase {
  if (sentAt === null) return 'running';
  const seconds = (at.getTime() - sentAt.getTime()) / 1000;
  if (seconds < 0) return 'before';
  if (seconds <= limit) return 'running';
  return seconds <= limit + settle ? 'settling' : 'over';
}

/** A boleto is never over: banks accept it for days after its due date, and Appmax shows the payment days later. */
function isCodeOver(row: OperationRow, at: Date, settleSeconds: number): boolean {
  const { kind, state, code_expires_at: expiresAt } = row;
  if (!isOfClass(kind, 'code') || kind === 'boleto' || state !== 'done' || expiresAt === null) return false;
  return expiresAt.getTime() + settleSeconds * 1000 < at.getTime();
}

function codeOf(row: OperationRow, at: Date): Operation['code'] {
  const { kind } = row;
  if (!isOfClass(kind, 'code') || row.state !== 'done') return 'none';
  if (row.code_expires_at !== null) return row.code_expires_at.getTime() > at.getTime() ? 'open' : 'expired';
  const age = (at.getTime() - (row.settled_at ?? at).getTime()) / 1000;
  if (age < DEFAULT_OPEN_SECONDS[kind]) return 'open';
  // An expired Pix cancels its order, so the order's status shows it. An overdue boleto does not change its order.
  return kind === 'boleto' ? 'expired' : 'expiry_unknown';
}
