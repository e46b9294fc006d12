export { invalidOrderId, orderNotFound, syncFailed, syncUnavailable, tooManyStreams } from './errors';
export { KnownOrders } from './known-orders';
export type { Order, PaymentMethod } from './order.entity';
export { CustomerId, OrderId, Status, UpsellHash } from './order-fields';
export { OrderHistory, type StatusChange, SyncState } from './order-history';
export { OrderDetail, OrderList, OrderSummary, PAYMENT_METHODS } from './order-list';
export type { OrderListRequest } from './order-search';
export { type OrderAmounts, orderTotal } from './order-total';
export { OrdersModule } from './orders.module';
export { OrdersService, type OrderStatus } from './orders.service';
export { StorefrontBudget } from './quota/storefront-budget';
export { AssertedStatuses } from './status/asserted-statuses';
export { isBehind, isNews, LIFECYCLE } from './status/lifecycle';
export { OrderStatusReader, parseOrderId } from './status/order-status-reader';
export {
  isKnown,
  isPaid,
  PAID_STATUSES,
  PAYABLE_STATUSES,
  statusesYieldingToPayment,
} from './status/status-rules';
export { ChangeFeed } from './stream/change-feed';
export { LastEventId } from './stream/last-event-id';
export { StatusFeed } from './stream/status-feed';
export { OrderRecovery } from './sync/order-recovery';
export {
  type KnownState,
  type ObservedState,
  type OrderObserver,
  type OrderStateListener,
  OrderStateListeners,
} from './sync/order-state-listeners';
export { OrderSync } from './sync/order-sync';
export { ReadBudget } from './sync/read-budget';
export { RefreshedOrder } from './sync/refreshed-order';
export type { SyncOutcome } from './sync/sync-outcome';
export { SyncQueue } from './sync/sync-queue';
export { readsPerDay } from './sync/sync-reasons';
export { stageOf } from './sync/sync-schedule';
