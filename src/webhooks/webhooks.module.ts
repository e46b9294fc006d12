import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OrdersModule } from '../orders/orders.module';
import { WebhookEventList } from './event-list';
import { WaitingEvents } from './waiting-events';
import { WebhookEvent } from './webhook-event.entity';
import { WebhooksController } from './webhooks.controller';
import { WebhooksService } from './webhooks.service';

/** Appmax's webhooks. */
@Module({
  imports: [TypeOrmModule.forFeature([WebhookEvent]), OrdersModule],
  controllers: [WebhooksController],
  providers: [WebhooksService, WaitingEvents, WebhookEventList],
  exports: [WebhookEventList],
})
export class WebhooksModule {}
