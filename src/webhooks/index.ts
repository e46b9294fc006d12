export { eventNotFound, invalidEventId } from './errors';
export {
  WebhookEventDetail,
  EventList,
  type EventListRequest,
  WebhookEventSummary,
} from './admin/event-list';
export { ReplayedEvent } from './admin/replayed-event';
export { EventReplay } from './admin/event-replay';
export { type Outcome, OUTCOMES } from './events/event-outcome';
export { WebhooksModule } from './webhooks.module';
