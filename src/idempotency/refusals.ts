import { ApiError } from '../common/errors/api-error';

export function invalidKey(): ApiError {
  return new ApiError(400, 'Idempotency-Key must be 1 to 255 visible ASCII characters');
}

export function keyInUse(): ApiError {
  return new ApiError(409, 'a request with this Idempotency-Key is still running', {
    headers: { 'Retry-After': '1' },
  });
}

export function keyUsedOtherwise(): ApiError {
  return new ApiError(422, 'this Idempotency-Key was used for another request');
}
