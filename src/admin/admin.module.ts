import { Module } from '@nestjs/common';
import { InstallationsModule } from '../installations/installations.module';
import { OrdersModule } from '../orders/orders.module';
import { WebhooksModule } from '../webhooks/webhooks.module';
import { AdminController } from './admin.controller';
import { RecoveryController } from './recovery.controller';

/** The operator's API. */
@Module({
  imports: [InstallationsModule, OrdersModule, WebhooksModule],
  controllers: [AdminController, RecoveryController],
})
export class AdminModule {}
