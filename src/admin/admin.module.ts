import { Module } from '@nestjs/common';
import { InstallationsModule } from '../installations';
import { NotificationsModule } from '../notifications';
import { OrdersModule } from '../orders';
import { PaymentsModule } from '../payments';
import { WebhooksModule } from '../webhooks';
import { AdminController } from './admin.controller';
import { EndpointsController } from './endpoints.controller';
import { KeysController } from './keys.controller';
import { NotificationsController } from './notifications.controller';
import { OperationsController } from './operations.controller';
import { RecoveryController } from './recovery.controller';

/** The API for operators. */
@Module({
  imports: [InstallationsModule, OrdersModule, PaymentsModule, WebhooksModule, NotificationsModule],
  controllers: [
    AdminController,
    EndpointsController,
    KeysController,
    NotificationsController,
    OperationsController,
    RecoveryController,
  ],
})
export class AdminModule {}
