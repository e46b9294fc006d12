/** Duration of a lease, in seconds: several renewals, so that a slow one does not lose it. */
export const LEASE_SECONDS = 20;

/**
 * The exclusive, expiring right to work on a row. Only the holder of its token may finish the work. Its columns are
 * `lease_token` and `lease_expires_at`, and it expires by the database's clock.
 */
export interface Lease {
  readonly id: number;
  readonly token: string;
}

/** SQL: the expiry of a lease that is taken or renewed now. */
export const LEASE_EXPIRY = `clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`;

/** SQL: the assignments that end a lease. */
export const END_LEASE = 'lease_token = NULL, lease_expires_at = NULL';

/** SQL: the assignments that take a lease. @param token the statement's parameter that has the new token. */
export const takeLease = (token: string): string =>
  `lease_token = ${token}, lease_expires_at = ${LEASE_EXPIRY}`;

/** SQL: true if a row has no lease, or one that has expired. @param row the table or its alias. */
export const isLeaseFree = (row: string): string =>
  `(${row}.lease_token IS NULL OR ${row}.lease_expires_at <= clock_timestamp())`;

/** SQL: true if a row has a lease that has not expired. @param row the table or its alias. */
export const isLeased = (row: string): string =>
  `(${row}.lease_token IS NOT NULL AND ${row}.lease_expires_at > clock_timestamp())`;
