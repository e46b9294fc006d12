export { CardDeclines } from './card-declines';
export {
  alreadyPaid,
  alreadySettled,
  inProgress,
  invalidOperationId,
  notRefundable,
  operationNotFound,
  outcomeUnknown,
  paymentDeclined,
  refundInProgress,
  refundTooLarge,
  refundUnclear,
  refundUnknown,
  tooEarly,
  tooManyDeclines,
  upsellHashUsed,
  upsellInProgress,
  upsellUnknown,
} from './errors';
export { OperationList, type OperationListRequest, OperationSummary } from './operations/operation-list';
export { OPERATION_KINDS, OPERATION_STATES } from './operations/state/operation';
export { OrderCreation } from './order-creation';
export type { PaymentOf } from './payment';
export { PaymentsModule } from './payments.module';
export { PaymentsService } from './payments.service';
export { RefundsService } from './refunds/refunds.service';
export { UpsellsService } from './upsells/upsells.service';
