export {
  alreadyPaid,
  alreadySettled,
  closedAfterRestoration,
  inProgress,
  invalidOperationId,
  notRefundable,
  operationNotFound,
  orderReplaced,
  outcomeUnknown,
  paymentDeclined,
  refundInProgress,
  refundTooLarge,
  refundUnclear,
  refundUnknown,
  sessionCompleted,
  sessionExpired,
  tooEarly,
  tooManyDeclines,
  upsellHashUsed,
  upsellInProgress,
  upsellUnknown,
} from './errors';
export { CardDeclines } from './limits/card-declines';
export { OperationList, type OperationListRequest, OperationSummary } from './operations/rows/operation-list';
export { OPERATION_KINDS, OPERATION_STATES } from './operations/state/operation';
export { type FoundOrder, OrderCreation } from './order-creation';
export type { PaymentOf } from './payment';
export { PaymentsModule } from './payments.module';
export { PaymentsService } from './payments.service';
export { RefundsService } from './refunds/refunds.service';
export { type Restoration, type RestorationEffects, Restorations } from './restorations/restorations';
export { type OpenCode, OpenCodes } from './sessions/open-codes';
export { OrderClosing } from './sessions/order-closing';
export { PaidSessions } from './sessions/paid-sessions';
export { type SessionOrder, SessionOrders } from './sessions/session-orders';
export { payerDigests } from './shopper-proof';
export { UpsellsService } from './upsells/upsells.service';
