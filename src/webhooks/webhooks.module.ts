import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InstallationsModule } from '../installations';
import { OrdersModule } from '../orders';
import { AppmaxVerification } from './process/appmax-verification';
import { WebhookEventList } from './admin/event-list';
import { EventProcessor } from './process/event-processor';
import { EventQueue } from './process/event-queue';
import { EventStore } from './receive/event-store';
import { OrderAdoption } from './process/order-adoption';
import { TakenAtTheirWord } from './process/taken-at-their-word';
import { WebhookEvent } from './events/webhook-event.entity';
import { WebhookMetrics } from './webhook-metrics';
import { WebhookReplay } from './admin/webhook-replay';
import { WebhookTally } from './receive/webhook-tally';
import { WebhookTokenGuard } from './receive/webhook-token.guard';
import { WebhookTurns } from './receive/webhook-turns';
import { WebhooksController } from './receive/webhooks.controller';
import { WebhooksService } from './receive/webhooks.service';

/** Appmax's webhooks. */
@Module({
  imports: [TypeOrmModule.forFeature([WebhookEvent]), InstallationsModule, OrdersModule],
  controllers: [WebhooksController],
  providers: [
    WebhooksService,
    WebhookEventList,
    EventStore,
    EventQueue,
    EventProcessor,
    AppmaxVerification,
    TakenAtTheirWord,
    OrderAdoption,
    WebhookMetrics,
    WebhookReplay,
    WebhookTally,
    WebhookTokenGuard,
    WebhookTurns,
  ],
  exports: [WebhookEventList, WebhookReplay],
})
export class WebhooksModule {}
