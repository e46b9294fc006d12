import { ApiError, invalidBody } from '../common/errors/api-error';

/** What the routes of the administration answer that is no success, for the API's document. */
export const ADMIN_REFUSALS = {
  list: [invalidBody([{ field: 'limit', message: 'limit must not be greater than 200' }])],
  order: [new ApiError(400, 'invalid order_id'), new ApiError(404, 'order not found')],
  webhookEvent: [new ApiError(400, 'invalid id'), new ApiError(404, 'webhook event not found')],
} as const satisfies Readonly<Record<string, readonly ApiError[]>>;
