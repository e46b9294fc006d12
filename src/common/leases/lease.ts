/** The duration of a lease. It spans several renewals, so that one slow renewal does not lose it. */
export const LEASE_SECONDS = 20;

/**
 * The exclusive, expiring right to work on a row. Only the holder of the token may write the result. Its columns are
 * `lease_token` and `lease_expires_at`; it expires by the database's clock.
 */
export interface Lease {
  readonly id: number;
  readonly token: string;
}

/** SQL: the expiry of a lease that is taken or renewed now. */
export const LEASE_EXPIRY = `clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`;

/** SQL: the assignments that end a lease. */
export const END_LEASE = 'lease_token = NULL, lease_expires_at = NULL';

/** SQL: the assignments that take a lease. @param token the placeholder of the new token, such as `$1`. */
export const takeLease = (token: string): string =>
  `lease_token = ${token}, lease_expires_at = ${LEASE_EXPIRY}`;

/** SQL: true if a row has no lease, or one that has expired. @param row the table or its alias. */
export const isLeaseFree = (row: string): string =>
  `(${row}.lease_token IS NULL OR ${row}.lease_expires_at <= clock_timestamp())`;

/** SQL: true if a row has a lease that has not expired. @param row the table or its alias. */
export const isLeased = (row: string): string =>
  `(${row}.lease_token IS NOT NULL AND ${row}.lease_expires_at > clock_timestamp())`;
