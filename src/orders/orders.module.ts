import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppmaxModule } from '../appmax/appmax.module';
import { DatabaseModule } from '../database/database.module';
import { InstallationsModule } from '../installations/installations.module';
import { AfterSalesService } from './after-sales.service';
import { CardsService } from './cards.service';
import { CheckoutController } from './checkout.controller';
import { CheckoutService } from './checkout.service';
import { KnownOrders } from './known-orders';
import { OrderList } from './order-list';
import { Order } from './order.entity';
import { OrdersService } from './orders.service';
import { OrderRecovery } from './refresh/order-recovery';
import { OrderRefresher } from './refresh/order-refresher';
import { ReadBudget } from './refresh/read-budget';
import { Reconciler } from './refresh/reconciler';
import { RefreshQueue } from './refresh/refresh-queue';
import { ShopController } from './shop.controller';
import { StatusClaims } from './status-claims';
import { StatusFeed } from './stream/status-feed';
import { StreamController } from './stream/stream.controller';

/** Orders and their payments. */
@Module({
  imports: [TypeOrmModule.forFeature([Order]), AppmaxModule, DatabaseModule, InstallationsModule],
  controllers: [CheckoutController, ShopController, StreamController],
  providers: [
    AfterSalesService,
    CardsService,
    CheckoutService,
    KnownOrders,
    OrderList,
    OrderRecovery,
    OrderRefresher,
    OrdersService,
    ReadBudget,
    Reconciler,
    RefreshQueue,
    StatusClaims,
    StatusFeed,
  ],
  exports: [OrderList, OrderRecovery, OrderRefresher, OrdersService, RefreshQueue, StatusClaims],
})
export class OrdersModule {}
