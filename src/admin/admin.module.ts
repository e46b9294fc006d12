import { Module } from '@nestjs/common';
import { AppmaxModule } from '../appmax';
import { DatabaseModule } from '../database';
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
import { OrderExport } from './orders/order-export';
import { OrderTimelines } from './orders/order-timeline';
import { OrdersController } from './orders/orders.controller';
import { OverviewService } from './overview/overview.service';
import { RecoveryController } from './recovery.controller';
import { ShopList } from './shops/shop-list';
import { StatisticsController } from './statistics.controller';
import { StatisticsService } from './statistics/statistics.service';
import { StatisticsCounter } from './statistics/statistics-counter';

/** The API for operators. */
@Module({
  imports: [
    AppmaxModule,
    DatabaseModule,
    InstallationsModule,
    OrdersModule,
    PaymentsModule,
    WebhooksModule,
    NotificationsModule,
  ],
  controllers: [
    AdminController,
    EndpointsController,
    KeysController,
    NotificationsController,
    OperationsController,
    OrdersController,
    RecoveryController,
    StatisticsController,
  ],
  providers: [OrderExport, OrderTimelines, OverviewService, ShopList, StatisticsCounter, StatisticsService],
})
export class AdminModule {}
