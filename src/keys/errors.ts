import { ApiError, invalidBody } from '../common/errors/api-error';

/** 400: the id in the path is not one of a key. */
export function invalidKeyId(): ApiError {
  return new ApiError(400, 'invalid id');
}

/** 404: there is no such key, or it belongs to another shop than the key of the request. */
export function keyNotFound(): ApiError {
  return new ApiError(404, 'key not found');
}

/** 404: the shop for which a key is made is not installed. */
export function shopNotFound(): ApiError {
  return new ApiError(404, 'installation not found');
}

/** 400: the expiry of a new key is past. */
export function expiryIsPast(): ApiError {
  return invalidBody([{ field: 'expires_at', message: 'expires_at must be in the future' }]);
}
