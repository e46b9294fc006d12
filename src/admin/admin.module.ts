import { Module } from '@nestjs/common';
import { InstallationsModule } from '../installations/installations.module';
import { OrdersModule } from '../orders/orders.module';
import { WebhooksModule } from '../webhooks/webhooks.module';
import { AdminController } from './admin.controller';

/** The operator's API. */
@Module({ imports: [InstallationsModule, OrdersModule, WebhooksModule], controllers: [AdminController] })
export class AdminModule {}
