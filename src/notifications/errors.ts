import { ApiError, invalidBody } from '../common/errors/api-error';

/** 400: the path has no valid id. */
export function invalidNotificationId(): ApiError {
  return new ApiError(400, 'invalid id');
}

/** 400: notifications can't be sent to the address. */
export function invalidEndpointUrl(why: string): ApiError {
  return invalidBody([{ field: 'url', message: `url ${why}` }]);
}

/** 404: there is no such endpoint, or it belongs to another shop than the key of the request. */
export function endpointNotFound(): ApiError {
  return new ApiError(404, 'endpoint not found');
}

/** 404: there is no such notification, or its endpoint belongs to another shop than the key of the request. */
export function notificationNotFound(): ApiError {
  return new ApiError(404, 'notification not found');
}

/** 404: the shop of a new endpoint is not installed. */
export function endpointShopNotFound(): ApiError {
  return new ApiError(404, 'installation not found');
}

/** 409: address and secret of the endpoint are those of NOTIFY_URL and NOTIFY_SECRET. */
export function endpointOfEnvironment(): ApiError {
  return new ApiError(409, 'endpoint is set by NOTIFY_URL: change the variables', {
    code: 'endpoint_set_by_environment',
  });
}

/** 409: each endpoint costs a row for each change. */
export function tooManyEndpoints(): ApiError {
  return new ApiError(409, 'too many endpoints');
}
