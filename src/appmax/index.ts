export { MAXIMUM_INSTALLMENTS } from './answers/installments';
export { AppmaxClient } from './appmax.client';
export { AppmaxModule } from './appmax.module';
export { AppmaxHealth } from './appmax-health';
export { AppmaxFailure } from './failures/appmax-failure';
export { meansAlreadyPaid } from './failures/declines';
export { appmaxNotConfigured, appmaxRefusals, paymentRefusals } from './failures/errors';
export { failureToApiError, orApiError } from './failures/failure-to-api-error';
export {
  ORDER_STATUSES,
  type OrderStatus,
  PAYMENT_METHODS,
  type PaymentMethod,
  REFUSED_STATUSES,
  UNPAID_STATUSES,
} from './order-status';
export type { AppmaxCard, AppmaxCustomer, AppmaxOrder, AppmaxSubscription, AppmaxUpsell } from './requests';
export type { AppmaxOrderState } from './results';
export type { SendFence } from './send-fence';
export { type CredentialListener, CredentialListeners } from './tokens/credential-listeners';
export type { Credentials, MerchantCredentials } from './tokens/credentials';
