import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppmaxModule } from '../appmax/appmax.module';
import { DatabaseModule } from '../database/database.module';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { InstallationsModule } from '../installations/installations.module';
import { AfterSalesService } from './after-sales.service';
import { CardsService } from './cards.service';
import { CheckoutController } from './checkout.controller';
import { CheckoutService } from './checkout.service';
import { KnownOrders } from './known-orders';
import { OrderList } from './order-list';
import { Order } from './order.entity';
import { OrdersService } from './orders.service';
import { PayableOrders } from './payable-orders';
import { CardDeclines } from './payments/card-declines';
import { PaymentAttempts } from './payments/payment-attempts';
import { PaymentHistory } from './payments/payment-history';
import { PaymentMetrics } from './payments/payment-metrics';
import { PaymentRunner } from './payments/payment-runner';
import { PaymentSettler } from './payments/payment-settler';
import { RefundRequests } from './payments/refund-requests';
import { Upsells } from './payments/upsells';
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
  imports: [
    TypeOrmModule.forFeature([Order]),
    AppmaxModule,
    DatabaseModule,
    IdempotencyModule,
    InstallationsModule,
  ],
  controllers: [CheckoutController, ShopController, StreamController],
  providers: [
    AfterSalesService,
    CardDeclines,
    CardsService,
    CheckoutService,
    KnownOrders,
    OrderList,
    OrderRecovery,
    OrderRefresher,
    OrdersService,
    PayableOrders,
    PaymentAttempts,
    PaymentHistory,
    PaymentMetrics,
    PaymentRunner,
    PaymentSettler,
    ReadBudget,
    Reconciler,
    RefreshQueue,
    RefundRequests,
    StatusClaims,
    StatusFeed,
    Upsells,
  ],
  exports: [OrderList, OrderRecovery, OrderRefresher, OrdersService, RefreshQueue, StatusClaims],
})
export class OrdersModule {}
