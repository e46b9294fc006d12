export { ConcludedEvent, WebhookEventDetail, WebhookEventSummary } from './admin/event-answers';
export { EventList, type EventListRequest } from './admin/event-list';
export { EventReplay, type ReplayedBatch } from './admin/event-replay';
export { ReplayedEvent } from './admin/replayed-event';
export { eventNotFound, invalidEventId } from './errors';
export { type Outcome, OUTCOMES } from './events/event-outcome';
export { DirectWebhookRoute } from './receive/direct-route';
export { WEBHOOK_BODY_LIMIT_BYTES, WEBHOOK_PATH } from './receive/webhooks.controller';
export { WebhooksModule } from './webhooks.module';
