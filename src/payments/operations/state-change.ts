import { KIND_LISTS } from './rows/kind-lists';
import type { Effect } from './state/effect';
import { OPEN_STATES, type OperationState } from './state/operation';

/** The delay of the first background check after a lost answer; before it, the client's request reads the order. */
const CLIENT_WAITS_SECONDS = 12;
const OPEN: ReadonlySet<OperationState> = new Set(OPEN_STATES);

/** The data of an answer to save in an operation's row, beside its state. */
export interface OperationResult {
  readonly codeExpiresAt?: Date | null | undefined;
  /** The response to an upsell, for its repeats. */
  readonly result?: Readonly<Record<string, unknown>>;
}

/** A change of one operation's state. */
export type StateChange = Effect & { readonly type: 'update' };

/** The SQL of a change of state, with {@link changeParameters}. Changes nothing if the state is not the given one. */
export const CHANGE_STATE = `UPDATE operations SET state = $3::operation_state, failure = COALESCE($4, failure),
    evidence = COALESCE($5::jsonb, evidence),
    superseded_at = CASE WHEN $6::boolean THEN clock_timestamp() WHEN $6 IS FALSE THEN NULL ELSE superseded_at END,
    code_expires_at = COALESCE($7::timestamp, code_expires_at), result = COALESCE($8::jsonb, result),
    settled_at = CASE WHEN $9::boolean THEN NULL ELSE COALESCE(settled_at, clock_timestamp()) END,
    lease_token = CASE WHEN $9 AND $3 <> 'unknown' THEN lease_token END,
    next_check_at = CASE WHEN $3 = 'unknown'
      THEN clock_timestamp() + make_interval(secs => CASE WHEN state = 'sent' AND lease_expires_at > clock_timestamp()
        THEN ${CLIENT_WAITS_SECONDS} ELSE 0 END) END
  WHERE id = $1 AND state = $2::operation_state RETURNING id`;

/**
 * The SQL of a common table expression with the operations of operation `$1`'s sale, locked in the order of their ids.
 * Unlike a subquery on `operations`, it has their latest versions: a statement that waited for a lock sees what the
 * holder of the lock has committed.
 */
export const LOCKED_SALE = `locked AS MATERIALIZED (
    SELECT id, kind, state, superseded_at FROM operations
    WHERE sale = (SELECT sale FROM operations WHERE id = $1) ORDER BY id FOR UPDATE)`;

/**
 * The SQL of a common table expression, after {@link LOCKED_SALE}, that tells if the checkout session of operation `$1`
 * takes payments; no row if its order has no session. Its rows are locked after those of the sale, so it has their latest
 * versions, too.
 */
export const LOCKED_SESSION = `session AS MATERIALIZED (
    SELECT so.is_live AND s.expired_at IS NULL AND s.expires_at > clock_timestamp()
      AND NOT EXISTS (SELECT FROM session_payments sp WHERE sp.session_id = s.id) AS takes_payments
    FROM session_orders so JOIN checkout_sessions s ON s.id = so.session_id
    WHERE so.order_id = (SELECT order_id FROM operations WHERE id = $1) AND (SELECT count(*) FROM locked) > 0
    FOR SHARE OF so, s)`;

/**
 * The SQL condition, with {@link LOCKED_SALE}, that the sale has no other successful charge. If it has one, the whole sale
 * must be judged.
 */
export const NO_OTHER_CHARGE = `AND ($3 <> 'done' OR kind NOT IN (${KIND_LISTS.chargeMethods}) OR NOT EXISTS (
    SELECT FROM locked WHERE locked.id <> operations.id AND locked.kind IN (${KIND_LISTS.chargeMethods})
      AND locked.state = 'done' AND locked.superseded_at IS NULL))`;

export function changeParameters(
  { id, from, to, failure, evidence, superseded }: StateChange,
  { codeExpiresAt, result }: OperationResult,
): unknown[] {
  return [
    id,
    from,
    to,
    failure ?? null,
    evidence ?? null,
    superseded ?? null,
    codeExpiresAt ?? null,
    result ?? null,
    OPEN.has(to),
  ];
}
