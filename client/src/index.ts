export { ApiError, type FieldFault } from './api-error';
export { AppmaxCheckout, type AppmaxCheckoutOptions } from './appmax-checkout';
export type { RequestOf } from './call-types';
export type * from './generated/types';
export {
  InvalidNotification,
  type Notification,
  type NotificationHeaders,
  verifyNotification,
} from './notifications';
export type { CallOptions } from './transport';
export type { StatusEvent, WatchOptions } from './watch';
