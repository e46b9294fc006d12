import { ApiError } from '../common/errors/api-error';

/** 400: the key is malformed. */
export function invalidKey(): ApiError {
  return new ApiError(400, 'Idempotency-Key must be 1 to 255 visible ASCII characters', {
    code: 'invalid_idempotency_key',
  });
}

/** 409: the first request is still running. @param isIdentical true if it is identified by its body, without a key. */
export function keyInUse(isIdentical = false): ApiError {
  const message = isIdentical
    ? 'an identical request is still running'
    : 'a request with this Idempotency-Key is still running';
  return new ApiError(409, message, {
    code: 'request_in_progress',
    headers: { 'Retry-After': '1' },
    outcome: 'open',
  });
}

/** 422: the key was used for another request. */
export function keyUsedOtherwise(): ApiError {
  return new ApiError(422, 'this Idempotency-Key was used for another request', {
    code: 'idempotency_key_reused',
  });
}
