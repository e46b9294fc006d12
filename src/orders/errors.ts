import { ApiError } from '../common/errors/api-error';

/** 404: there is no such order, or it belongs to another merchant. */
export function orderNotFound(): ApiError {
  return new ApiError(404, 'order not found');
}

/** 400: the path has no valid order id. */
export function invalidOrderId(): ApiError {
  return new ApiError(400, 'invalid order_id');
}
