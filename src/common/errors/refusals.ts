import { ApiError, invalidBody } from './api-error';

/** The errors of requests that Node, Fastify or Nest refuses before a controller runs, by status. */
export const REFUSALS = {
  400: () => invalidBody(),
  404: () => new ApiError(404, 'not found: GET /docs lists what there is'),
  408: () => new ApiError(408, 'the request took too long to arrive'),
  413: () => new ApiError(413, 'request body is too large: at most 256 KiB'),
  414: () => new ApiError(414, 'the address is too long'),
  415: () => new ApiError(415, 'send the body as application/json'),
  431: () => new ApiError(431, 'request headers are too large'),
} as const satisfies Readonly<Record<number, () => ApiError>>;

/** Returns the error for a status, if there is one. */
export function refusalOf(status: number): ApiError | undefined {
  return (REFUSALS as Readonly<Record<number, (() => ApiError) | undefined>>)[status]?.();
}

/** 400: the path's percent-encoding is invalid. */
export function invalidAddress(): ApiError {
  return new ApiError(400, 'invalid address');
}

/** 401: the route requires a secret key. */
export function unauthorized(): ApiError {
  return new ApiError(401, 'unauthorized', {
    headers: { 'WWW-Authenticate': 'Bearer realm="appmax-checkout"' },
  });
}

/** 403: the secret key has not the scope of the route, or is bound to another shop. */
export function insufficientScope(): ApiError {
  return new ApiError(403, 'insufficient scope', { details: { code: 'insufficient_scope' } });
}

/** 429: the caller, or the order, is above its rate limit. */
export function tooManyRequests(seconds: number, message = 'too many requests: try again later'): ApiError {
  return new ApiError(429, message, {
    headers: { 'Retry-After': String(seconds) },
  });
}
