export {
  EventList,
  type EventListRequest,
  WebhookEventDetail,
  WebhookEventSummary,
} from './admin/event-list';
export { EventReplay } from './admin/event-replay';
export { ReplayedEvent } from './admin/replayed-event';
export { eventNotFound, invalidEventId } from './errors';
export { type Outcome, OUTCOMES } from './events/event-outcome';
export { WebhooksModule } from './webhooks.module';
