import { ApiError } from '../../common/errors/api-error';

/** 400: the path has no valid event id. */
export function invalidEventId(): ApiError {
  return new ApiError(400, 'invalid id');
}

/** 404: there is no event with this id. */
export function eventNotFound(): ApiError {
  return new ApiError(404, 'webhook event not found');
}

/**
 * Parses the id of an event from a path. It is our own id, not one of Appmax.
 *
 * @throws ApiError 400 `invalid id`.
 */
export function parseEventId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw invalidEventId();
  return Number(text);
}
