import { Module } from '@nestjs/common';
import { InstallationsModule } from '../installations';
import { OrdersModule } from '../orders';
import { PaymentsModule } from '../payments';
import { WebhooksModule } from '../webhooks';
import { AdminController } from './admin.controller';
import { KeysController } from './keys.controller';
import { OperationsController } from './operations.controller';
import { RecoveryController } from './recovery.controller';

/** The API for operators. */
@Module({
  imports: [InstallationsModule, OrdersModule, PaymentsModule, WebhooksModule],
  controllers: [AdminController, KeysController, OperationsController, RecoveryController],
})
export class AdminModule {}
