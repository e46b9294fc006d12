import { ApiError, invalidBody } from './api-error';

/** What is refused before a controller is reached, by status: by Node, by Fastify, or by Nest. */
export const REFUSALS = {
  400: () => invalidBody(),
  404: () => new ApiError(404, 'not found: GET /docs lists what there is'),
  408: () => new ApiError(408, 'the request took too long to arrive'),
  413: () => new ApiError(413, 'request body is too large: at most 256 KiB'),
  414: () => new ApiError(414, 'the address is too long'),
  415: () => new ApiError(415, 'send the body as application/json'),
  431: () => new ApiError(431, 'request headers are too large'),
} as const satisfies Readonly<Record<number, () => ApiError>>;

/** The refusal of a status, where there is one. */
export function refusalOf(status: number): ApiError | undefined {
  return (REFUSALS as Readonly<Record<number, (() => ApiError) | undefined>>)[status]?.();
}

/** 400: a path is not percent-encoded as it should be. */
export function invalidAddress(): ApiError {
  return new ApiError(400, 'invalid address');
}
