import { ApiError } from '../errors/api-error';

/** 401: the route requires one of the service's secret keys. */
export function unauthorized(): ApiError {
  return new ApiError(401, 'unauthorized', {
    headers: { 'WWW-Authenticate': 'Bearer realm="appmax-checkout"' },
  });
}
