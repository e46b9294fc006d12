import { ApiError, invalidBody } from './api-error';

/** The errors of requests that Node, Fastify or Nest refuses before a controller runs, by status. */
export const REFUSALS = {
  400: () => invalidBody(),
  404: () => new ApiError(404, 'not found: GET /docs lists what there is'),
  408: () => new ApiError(408, 'the request took too long to arrive', { code: 'request_too_slow' }),
  413: () =>
    new ApiError(413, 'request body is too large: at most 256 KiB, for a webhook 64 KiB', {
      code: 'request_body_too_large',
    }),
  414: () => new ApiError(414, 'the address is too long', { code: 'address_too_long' }),
  415: () => new ApiError(415, 'send the body as application/json', { code: 'unsupported_content_type' }),
  431: () => new ApiError(431, 'request headers are too large', { code: 'request_headers_too_large' }),
} as const satisfies Readonly<Record<number, () => ApiError>>;

/** Returns the error for a status, if there is one. */
export function refusalOf(status: number): ApiError | undefined {
  return (REFUSALS as Readonly<Record<number, (() => ApiError) | undefined>>)[status]?.();
}

/** 400: the path's percent-encoding is invalid. */
export function invalidAddress(): ApiError {
  return new ApiError(400, 'invalid address');
}

/** 500: an unexpected error, which is in the log. */
export function internalError(): ApiError {
  return new ApiError(500, 'internal server error');
}

/** 401: the route requires a secret key. */
export function unauthorized(): ApiError {
  return new ApiError(401, 'unauthorized', {
    headers: { 'WWW-Authenticate': 'Bearer realm="appmax-checkout"' },
  });
}

/** 403: the secret key has not the scope of the route, or is bound to another shop. */
export function insufficientScope(): ApiError {
  return new ApiError(403, 'insufficient scope');
}

/** 429: the caller, or the order, is above a limit. @param seconds the value of `Retry-After`. */
export function tooManyRequests(
  seconds: number,
  message = 'too many requests: try again later',
  code = 'too_many_requests',
): ApiError {
  return new ApiError(429, message, { code, headers: { 'Retry-After': String(seconds) } });
}
