export { CardDeclines } from './card-declines';
export {
  alreadyPaid,
  alreadySettled,
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
export { type OpenCode, OpenCodes } from './open-codes';
export { OperationList, type OperationListRequest, OperationSummary } from './operations/operation-list';
export { OPERATION_KINDS, OPERATION_STATES } from './operations/state/operation';
export { OrderClosing } from './order-closing';
export { OrderCreation } from './order-creation';
export { PaidSessions } from './paid-sessions';
export type { PaymentOf } from './payment';
export { PaymentsModule } from './payments.module';
export { PaymentsService } from './payments.service';
export { RefundsService } from './refunds/refunds.service';
export { type SessionOrder, SessionOrders } from './session-orders';
export { UpsellsService } from './upsells/upsells.service';
