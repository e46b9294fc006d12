export { CheckoutModule } from './checkout.module';
export { SessionSeals } from './sessions/session-seals';
export { STATUS_PATH } from './status.controller';
