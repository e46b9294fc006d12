export { CheckoutModule } from './checkout.module';
export { SessionSeals } from './sessions/session-seals';
