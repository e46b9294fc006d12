export { eventNotFound, invalidEventId } from './admin/event-id';
export {
  WebhookEventDetail,
  WebhookEventList,
  type WebhookEventListRequest,
  WebhookEventSummary,
} from './admin/event-list';
export { ReplayedEvent } from './admin/replayed-event';
export { WebhookReplay } from './admin/webhook-replay';
export { type Outcome, OUTCOMES } from './events/event-outcome';
export { WebhooksModule } from './webhooks.module';
