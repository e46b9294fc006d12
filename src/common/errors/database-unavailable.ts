import { ApiError } from './api-error';

/** The text of pg's error for a query that got no answer within `query_timeout`; pg gives it no code. */
export const QUERY_READ_TIMEOUT = 'Query read timeout';

/** The texts of errors without a code, from pg and its pool: no connection in time, or a lost connection. */
const TEXTS: ReadonlySet<string> = new Set([
  'timeout exceeded when trying to connect',
  'Connection terminated due to connection timeout',
  'Connection terminated unexpectedly',
  'Connection terminated',
  'Client has encountered a connection error and is not queryable',
  QUERY_READ_TIMEOUT,
]);

/**
 * SQLSTATEs: a connection failed (class 08), too many connections, a timeout of a statement, a transaction or a lock, a
 * deadlock or a serialization failure, a server that shuts down, starts or is read-only. A retry may succeed.
 */
const STATES = /^(08...|25006|25P0[34]|40001|40P01|53300|55P03|57014|57P0[1-5])$/;

/** Codes of sockets: the connection was lost. */
const SOCKET_CODES: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** Returns true if an error means that the database could not be reached or did not answer in time. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // TypeORM wraps the driver's error.
  const { driverError } = error as { driverError?: unknown };
  if (driverError !== undefined && driverError !== error) return isDatabaseUnavailable(driverError);
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable);
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (TEXTS.has(error.message) || syscall === 'connect' || SOCKET_CODES.has(code)) return true;
  return typeof code === 'string' && STATES.test(code);
}

/** SQLSTATEs of a table or a schema that does not exist. */
const MISSING: ReadonlySet<unknown> = new Set(['42P01', '3F000']);

/** Returns true if an error means that a table does not exist. */
export function isTableMissing(error: unknown): boolean {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  return MISSING.has(driverError?.code ?? code);
}

/** 503: migrations are pending. */
export function notReady(): ApiError {
  return new ApiError(503, 'the service is not ready: its database is not migrated', {
    code: 'not_ready',
    headers: { 'Retry-After': '5' },
  });
}

/** 503: the database is overloaded or cannot be reached. A payment that was sent never gets this answer, but 502. */
export function databaseUnavailable(): ApiError {
  return new ApiError(503, 'service temporarily unavailable: try again later', {
    code: 'database_unavailable',
    headers: { 'Retry-After': '1' },
  });
}
