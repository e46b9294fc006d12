import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OrdersModule } from '../orders/orders.module';
import { WaitingEvents } from './waiting-events';
import { WebhookEvent } from './webhook-event.entity';
import { WebhooksController } from './webhooks.controller';
import { WebhooksService } from './webhooks.service';

/** Appmax's webhooks. */
@Module({
  imports: [TypeOrmModule.forFeature([WebhookEvent]), OrdersModule],
  controllers: [WebhooksController],
  providers: [WebhooksService, WaitingEvents],
})
export class WebhooksModule {}
