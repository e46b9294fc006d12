import { ApiError, codeOf } from '../../common/errors/api-error';
import { AppmaxFailure, type FailureKind } from './appmax-failure';

const RETRY_AFTER_SECONDS = 5;
const REFUSALS_PASSED_ON = new Set([400, 404, 409, 422]);

type Mapping = (failure: AppmaxFailure, message: string) => ApiError;

const badGateway: Mapping = (failure, message) =>
  new ApiError(502, failure.text ?? message, { code: codeOf(message), cause: failure });

/** Maps each kind of failure to the client's error. */
const MAPPINGS: Readonly<Record<FailureKind, Mapping>> = {
  declined: (failure) => new ApiError(422, 'payment declined', { cause: failure }),
  refused: (failure, message) =>
    new ApiError(
      REFUSALS_PASSED_ON.has(failure.status ?? 0) ? (failure.status ?? 400) : 502,
      failure.text ?? message,
      { code: codeOf(message), cause: failure },
    ),
  rate_limited: (failure) =>
    new ApiError(503, 'Appmax is receiving too many requests: try again later', {
      code: 'appmax_rate_limited',
      cause: failure,
      headers: { 'Retry-After': String(failure.retryAfterSeconds ?? RETRY_AFTER_SECONDS) },
    }),
  suspended: (failure) =>
    new ApiError(503, 'Appmax is not available at the moment: try again later', {
      code: 'appmax_unavailable',
      cause: failure,
      headers: { 'Retry-After': String(failure.retryAfterSeconds ?? RETRY_AFTER_SECONDS) },
    }),
  unauthorized: badGateway,
  revoked: (failure) =>
    new ApiError(503, 'the shop is not connected to Appmax: the app must be installed again', {
      code: 'installation_revoked',
      cause: failure,
    }),
  unavailable: badGateway,
  unknown: badGateway,
};

/** Maps a failure to the client's error. @param message its text if Appmax's answer has none. */
export function failureToApiError(failure: AppmaxFailure, message: string): ApiError {
  return MAPPINGS[failure.kind](failure, message);
}

/**
 * Waits for a call to Appmax and turns its failure into the client's error.
 *
 * @throws ApiError for an AppmaxFailure; any other error unchanged.
 */
export async function orApiError<Value>(call: Promise<Value>, message: string): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof AppmaxFailure ? failureToApiError(error, message) : error;
  }
}
