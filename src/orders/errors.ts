import { ApiError } from '../common/errors/api-error';

/** 404: there is no such order, or it belongs to another merchant. */
export function orderNotFound(): ApiError {
  return new ApiError(404, 'order not found');
}

/** 400: the path has no valid order id. */
export function invalidOrderId(): ApiError {
  return new ApiError(400, 'invalid order_id');
}

/** 503: the order can't be synced now. @param seconds the value of `Retry-After`. */
export function syncUnavailable(seconds: number): ApiError {
  return new ApiError(503, 'the order could not be asked for now: try again later', {
    code: 'order_sync_unavailable',
    headers: { 'Retry-After': String(seconds) },
  });
}

/** 503: the instance has its maximum number of streams. */
export function tooManyStreams(): ApiError {
  return new ApiError(503, 'too many streams: try again later', { headers: { 'Retry-After': '5' } });
}

/** 502: the order could not be read from Appmax. @param problem the reason, in our words. */
export function syncFailed(problem = 'Appmax could not be asked'): ApiError {
  return new ApiError(502, problem, { code: 'order_sync_failed' });
}
