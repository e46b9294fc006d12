import { ApiError } from '../common/errors/api-error';

/** 400: the path has no valid event id. */
export function invalidEventId(): ApiError {
  return new ApiError(400, 'invalid id');
}

/** 404: there is no event with this id. */
export function eventNotFound(): ApiError {
  return new ApiError(404, 'webhook event not found');
}

/** 503: too many webhooks are waiting or were stored. Appmax sends them again. */
export function tooManyWebhooks(seconds = 30): ApiError {
  return new ApiError(503, 'too many webhooks: send it again later', {
    headers: { 'Retry-After': String(seconds) },
  });
}
