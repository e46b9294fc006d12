import type { KeySummary } from '../../../client/src/generated/types';
import { startOfDay } from '../format';

/** Returns whether a key is accepted at an instant, and if not, why. */
export function stateOfKey(
  { revoked_at: revokedAt, expires_at: expiresAt }: Pick<KeySummary, 'revoked_at' | 'expires_at'>,
  now: number,
): 'valid' | 'expired' | 'revoked' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : 'valid';
}

/**
 * Returns the end of a key's last day, in Brazil. @param day such as `2026-01-31`; empty: it does not expire
 *
 * @returns null if it does not expire, undefined if the day is past or no day
 */
export function endOfLastDay(day: string, now: number): string | null | undefined {
  if (day === '') return null;
  const end = startOfDay(day, 1);
  return end === undefined || Date.parse(end) <= now ? undefined : end;
}
