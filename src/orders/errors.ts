import { ApiError } from '../common/errors/api-error';

/** 404: we have no such order, or it is another merchant's. */
export function orderNotFound(): ApiError {
  return new ApiError(404, 'order not found');
}

/** 400: what stands in the path is no order's id. */
export function invalidOrderId(): ApiError {
  return new ApiError(400, 'invalid order_id');
}
