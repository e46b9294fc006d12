import { queryRows, type StatementRunner } from '../../database';

/**
 * Removes the personal data of sessions: what is sealed, and the shop's own texts and addresses, which may contain some.
 * A session that could still be paid ends. Repeats of the request that made it are refused from then on.
 *
 * @returns the ids of the sessions that had any.
 */
export async function eraseSessions(runner: StatementRunner, ids: readonly number[]): Promise<number[]> {
  const rows = await queryRows<{ id: number }>(
    runner,
    `WITH locked AS (SELECT id FROM checkout_sessions WHERE id = ANY ($1::bigint[]) ORDER BY id FOR UPDATE)
     UPDATE checkout_sessions s SET customer = NULL, shopper = NULL, metadata = NULL, success_url = NULL,
       cancel_url = NULL, request_digest = repeat('0', 64),
       expired_at = CASE WHEN s.expired_at IS NULL AND s.expires_at > clock_timestamp()
         AND NOT EXISTS (SELECT FROM session_payments p WHERE p.session_id = s.id)
         THEN clock_timestamp() ELSE s.expired_at END
     FROM locked WHERE s.id = locked.id AND (s.customer IS NOT NULL OR s.shopper IS NOT NULL OR s.metadata IS NOT NULL
       OR s.success_url IS NOT NULL OR s.cancel_url IS NOT NULL OR s.request_digest <> repeat('0', 64))
     RETURNING s.id`,
    [ids],
  );
  return rows.map(({ id }) => id);
}
