export { type Attempt } from './delivery/sender';
export {
  ENDPOINT_EVENTS,
  type EndpointEvent,
  EndpointSummary,
  EndpointWithSecret,
} from './endpoints/endpoint-rows';
export { EndpointSecrets } from './endpoints/endpoint-secrets';
export { type EndpointListRequest, Endpoints } from './endpoints/endpoints.service';
export {
  endpointNotFound,
  endpointOfEnvironment,
  endpointShopNotFound,
  invalidEndpointUrl,
  invalidNotificationId,
  notificationNotFound,
  tooManyEndpoints,
} from './errors';
export {
  DELIVERY_STATES,
  type DeliveryListRequest,
  type DeliveryState,
  DeliverySummary,
  NOTIFICATION_TYPES,
  NotificationList,
  parseNotificationId,
} from './notification-list';
export { NotificationsModule } from './notifications.module';
