import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InstallationsModule } from '../installations/installations.module';
import { OrdersModule } from '../orders/orders.module';
import { AppmaxVerification } from './appmax-verification';
import { WebhookEventList } from './event-list';
import { EventProcessor } from './event-processor';
import { EventQueue } from './event-queue';
import { EventStore } from './event-store';
import { OrderAdoption } from './order-adoption';
import { TakenAtTheirWord } from './taken-at-their-word';
import { WebhookEvent } from './webhook-event.entity';
import { WebhookMetrics } from './webhook-metrics';
import { WebhookReplay } from './webhook-replay';
import { WebhookTally } from './webhook-tally';
import { WebhookTokenGuard } from './webhook-token.guard';
import { WebhookTurns } from './webhook-turns';
import { WebhooksController } from './webhooks.controller';
import { WebhooksService } from './webhooks.service';

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
