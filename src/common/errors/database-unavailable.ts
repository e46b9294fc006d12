import { ApiError } from './api-error';

/** The text of pg's error for a query that got no answer within `query_timeout`; pg gives it no code. */
export const QUERY_READ_TIMEOUT = 'Query read timeout';

/** How pg and its pool tell, without a code, that no connection was to be had, or that one broke off. */
const TEXTS: ReadonlySet<string> = new Set([
  'timeout exceeded when trying to connect',
  'Connection terminated due to connection timeout',
  'Connection terminated unexpectedly',
  'Connection terminated',
  QUERY_READ_TIMEOUT,
]);

/** SQLSTATEs: a connection failed (class 08), too many of them, a statement took too long, the server shuts down or starts. */
const STATES = /^(08...|53300|57014|57P0[1-3])$/;

/** Whether an error says that the database could not be reached or did not answer in time, rather than what is wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // TypeORM keeps the driver's error of a query in its own.
  const { driverError } = error as { driverError?: unknown };
  if (driverError !== undefined && driverError !== error) return isDatabaseUnavailable(driverError);
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable);
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  return TEXTS.has(error.message) || syscall === 'connect' || (typeof code === 'string' && STATES.test(code));
}

/** 503: the database is overloaded or can't be reached. A payment that was sent is never answered so, but 502. */
export function databaseUnavailable(): ApiError {
  return new ApiError(503, 'service temporarily unavailable: try again later', {
    headers: { 'Retry-After': '1' },
  });
}
