import { type ApiError, invalidBody, invalidQuery } from '../common/errors/api-error';
import { expiryIsPast, invalidKeyId, keyNotFound, shopNotFound } from '../keys';
import {
  endpointNotFound,
  endpointOfEnvironment,
  endpointShopNotFound,
  invalidEndpointUrl,
  invalidNotificationId,
  notificationNotFound,
  tooManyEndpoints,
} from '../notifications';
import { invalidOrderId, orderNotFound } from '../orders';
import { alreadySettled, invalidOperationId, operationNotFound, tooEarly } from '../payments';
import { eventNotFound, invalidEventId } from '../webhooks';

/** The error responses of the admin routes, for the OpenAPI document. */
export const ADMIN_REFUSALS = {
  list: [invalidQuery([{ field: 'limit', message: 'limit must not be greater than 200' }])],
  key: [invalidKeyId(), keyNotFound()],
  newKey: [
    invalidBody([{ field: 'name', message: 'name must not be blank' }]),
    expiryIsPast(),
    shopNotFound(),
  ],
  endpoint: [invalidNotificationId(), endpointNotFound()],
  newEndpoint: [
    invalidEndpointUrl('must not be a private address, or a name that has one'),
    endpointShopNotFound(),
    tooManyEndpoints(),
  ],
  endpointChange: [invalidEndpointUrl('must be an https:// address'), endpointOfEnvironment()],
  notification: [invalidNotificationId(), notificationNotFound()],
  order: [invalidOrderId(), orderNotFound()],
  operation: [invalidOperationId(), operationNotFound()],
  resolution: [
    invalidBody([{ field: 'note', message: 'note must not be blank' }]),
    alreadySettled('done'),
    tooEarly(),
  ],
  replay: [invalidBody([{ field: 'since', message: 'since must be a day or an instant' }])],
  statistics: [invalidQuery([{ field: 'to', message: 'to must not be before from' }])],
  webhookEvent: [invalidEventId(), eventNotFound()],
} as const satisfies Readonly<Record<string, readonly ApiError[]>>;
