export {
  ConcludedEvent,
  EventList,
  type EventListRequest,
  WebhookEventDetail,
  WebhookEventSummary,
} from './admin/event-list';
export { EventReplay, type ReplayedBatch } from './admin/event-replay';
export { maskMerchant } from './admin/mask-merchant';
export { ReplayedEvent } from './admin/replayed-event';
export { eventNotFound, invalidEventId } from './errors';
export { hasNoOrder } from './events/event-catalogue';
export { type Outcome, OUTCOMES } from './events/event-outcome';
export { PayloadReduction } from './events/payload-reduction';
export { isReduced } from './events/reduced-payload';
export { DirectWebhookRoute } from './receive/direct-route';
export { WEBHOOK_BODY_LIMIT_BYTES, WEBHOOK_PATH } from './receive/webhooks.controller';
export { WebhooksModule } from './webhooks.module';
