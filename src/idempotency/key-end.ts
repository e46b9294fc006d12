import { END_LEASE } from '../common/leases/lease';

/** The lifetime of an identical body after its success. */
export const IDENTICAL_SECONDS = 60;

/** The end of a key's lease after a success. */
export interface KeyEnd {
  readonly id: number;
  readonly leaseToken: string;
  /** The answer to store for repeats; null if a repeat resumes the operations instead. */
  readonly answer: { readonly status: number; readonly body: string } | null;
  /** True for a key from the body of a request. */
  readonly isIdentical: boolean;
}

/**
 * Returns the SQL statement that ends a key's lease, for a common table expression of the statement that saves the
 * request's outcome. It never waits for the key: if another transaction has locked it, nothing is written, and the
 * request ends its lease separately. So it can't be part of a deadlock with the deletion of expired keys, which locks
 * keys before operations.
 *
 * @param first the number of the first of its 5 parameters, {@link keyEndParameters}.
 * @param condition a further SQL condition. It is checked before the key is locked.
 */
export function keyEndSql(first: number, condition: string): string {
  const [id, token, status, body, isIdentical] = [0, 1, 2, 3, 4].map((index) => `$${first + index}`);
  return `UPDATE idempotency_keys SET response_status = ${status}::integer, response_body = ${body}::text, ${END_LEASE},
      expires_at = CASE WHEN ${isIdentical}::boolean
        THEN clock_timestamp() + make_interval(secs => ${IDENTICAL_SECONDS}) ELSE expires_at END
    WHERE id = (SELECT id FROM idempotency_keys
      WHERE id = ${id}::bigint AND lease_token = ${token}::uuid AND ${condition} FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id`;
}

export function keyEndParameters(end: KeyEnd | undefined): unknown[] {
  const { id, leaseToken, answer, isIdentical } = end ?? {};
  return [id ?? null, leaseToken ?? null, answer?.status ?? null, answer?.body ?? null, isIdentical ?? false];
}
