export { CheckoutModule } from './checkout.module';
export { eraseSessions } from './session-data/session-erasure';
export { SessionPeople, type SessionPerson } from './session-data/session-people';
export { SessionSeals } from './sessions/session-seals';
export type { KnownShopper } from './sessions/shopper-data';
export { STATUS_PATH } from './status.controller';
