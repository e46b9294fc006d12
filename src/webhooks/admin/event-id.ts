import { ApiError } from '../../common/errors/api-error';

/** 400: what stands in the path is no event's id. */
export function invalidEventId(): ApiError {
  return new ApiError(400, 'invalid id');
}

/** 404: no such event came. */
export function eventNotFound(): ApiError {
  return new ApiError(404, 'webhook event not found');
}

/**
 * Our own id of an event, out of a path.
 *
 * @throws ApiError 400 `invalid id`.
 */
export function parseEventId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw invalidEventId();
  return Number(text);
}
