export { invalidOrderId, orderNotFound } from './errors';
export { KnownOrders } from './known-orders';
export { CustomerId, OrderId, Status, UpsellHash } from './order-fields';
export { OrderDetail, OrderList, type OrderListRequest, OrderSummary, PAYMENT_METHODS } from './order-list';
export { type OrderAmounts, orderTotal } from './order-total';
export type { Order, PaymentMethod } from './order.entity';
export { OrdersModule } from './orders.module';
export { OrdersService, type OrderStatus, parseOrderId } from './orders.service';
export { isNews, LIFECYCLE, saysLess } from './status/lifecycle';
export { StatusClaims } from './status/status-claims';
export { isKnown, isPaid, PAYABLE_STATUSES, statusesYieldingToPayment } from './status/status-rules';
export { StatusFeed } from './stream/status-feed';
export { tooManyStreams } from './stream/stream-places';
export { RefreshedOrder } from './sync/answers';
export { notNow, OrderRecovery } from './sync/order-recovery';
export {
  type KnownState,
  type OrderObserver,
  OrderRefresher,
  type RefreshOutcome,
} from './sync/order-refresher';
export { ReadBudget } from './sync/read-budget';
export { RefreshQueue } from './sync/refresh-queue';
export { stageOf } from './sync/visit-plan';
