import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InstallationsModule } from '../installations';
import { OrdersModule, OrderStateListeners } from '../orders';
import { EventList } from './admin/event-list';
import { EventReplay } from './admin/event-replay';
import { PayloadReduction } from './events/payload-reduction';
import { WebhookEvent } from './events/webhook-event.entity';
import { AppmaxVerification } from './process/appmax-verification';
import { EventProcessor } from './process/event-processor';
import { EventLeases, EventQueue } from './process/event-queue';
import { OrderAdoption } from './process/order-adoption';
import { UnknownOrders } from './process/unknown-orders';
import { UnverifiedEvents } from './process/unverified-events';
import { DirectWebhookRoute } from './receive/direct-route';
import { EventGroups } from './receive/event-groups';
import { EventStore } from './receive/event-store';
import { EventTraces } from './receive/event-traces';
import { WebhookTally } from './receive/webhook-tally';
import { WebhookTokenGuard } from './receive/webhook-token.guard';
import { WebhookVolume } from './receive/webhook-volume';
import { WebhooksController } from './receive/webhooks.controller';
import { WebhooksService } from './receive/webhooks.service';
import { WebhookMetrics } from './webhook-metrics';

/** Receives, verifies and applies the webhooks of Appmax. */
@Module({
  imports: [TypeOrmModule.forFeature([WebhookEvent]), InstallationsModule, OrdersModule],
  controllers: [WebhooksController],
  providers: [
    WebhooksService,
    DirectWebhookRoute,
    EventList,
    EventGroups,
    EventStore,
    EventTraces,
    EventQueue,
    EventLeases,
    EventProcessor,
    AppmaxVerification,
    OrderAdoption,
    PayloadReduction,
    UnknownOrders,
    UnverifiedEvents,
    WebhookMetrics,
    EventReplay,
    WebhookTally,
    WebhookTokenGuard,
    WebhookVolume,
  ],
  exports: [DirectWebhookRoute, EventList, EventReplay, PayloadReduction],
})
export class WebhooksModule {
  constructor(orders: OrderStateListeners, processor: EventProcessor) {
    orders.listeners.push(processor);
  }
}
