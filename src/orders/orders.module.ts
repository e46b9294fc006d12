import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppmaxModule } from '../appmax';
import { DatabaseModule } from '../database';
import { InstallationsModule } from '../installations';
import { KnownOrders } from './known-orders';
import { Order } from './order.entity';
import { OrderHistory } from './order-history';
import { OrderList } from './order-list';
import { OrdersService } from './orders.service';
import { StorefrontBudget } from './quota/storefront-budget';
import { StorefrontBudgetMetrics } from './quota/storefront-budget-metrics';
import { AssertedStatuses } from './status/asserted-statuses';
import { OrderStatusReader } from './status/order-status-reader';
import { StatusChangeRetention } from './status/status-change-retention';
import { ChangeFeed } from './stream/change-feed';
import { ChangePolls } from './stream/change-polls';
import { StatusAnnouncements } from './stream/status-announcements';
import { StatusFeed } from './stream/status-feed';
import { OrderRecovery } from './sync/order-recovery';
import { OrderStateListeners } from './sync/order-state-listeners';
import { OrderSync } from './sync/order-sync';
import { ReadBudget } from './sync/read-budget';
import { SyncLeases, SyncQueue } from './sync/sync-queue';
import { SyncScheduler } from './sync/sync-scheduler';

/** Stores orders, syncs them with Appmax, and streams their statuses. */
@Module({
  imports: [TypeOrmModule.forFeature([Order]), AppmaxModule, DatabaseModule, InstallationsModule],
  providers: [
    KnownOrders,
    OrderHistory,
    OrderList,
    OrderRecovery,
    OrderStateListeners,
    OrderStatusReader,
    OrderSync,
    OrdersService,
    ReadBudget,
    SyncScheduler,
    SyncQueue,
    SyncLeases,
    AssertedStatuses,
    StatusChangeRetention,
    ChangeFeed,
    ChangePolls,
    StatusAnnouncements,
    StatusFeed,
    StorefrontBudget,
    StorefrontBudgetMetrics,
  ],
  exports: [
    KnownOrders,
    OrderHistory,
    OrderList,
    OrderRecovery,
    OrderStateListeners,
    OrderStatusReader,
    OrderSync,
    OrdersService,
    ReadBudget,
    SyncQueue,
    AssertedStatuses,
    ChangeFeed,
    StatusFeed,
    StorefrontBudget,
  ],
})
export class OrdersModule {}
