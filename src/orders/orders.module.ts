import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppmaxModule } from '../appmax/appmax.module';
import { InstallationsModule } from '../installations/installations.module';
import { AfterSalesService } from './after-sales.service';
import { CardsService } from './cards.service';
import { CheckoutController } from './checkout.controller';
import { CheckoutService } from './checkout.service';
import { KnownOrders } from './known-orders';
import { OrderList } from './order-list';
import { Order } from './order.entity';
import { OrdersService } from './orders.service';
import { ShopController } from './shop.controller';

/** Orders and their payments. */
@Module({
  imports: [TypeOrmModule.forFeature([Order]), AppmaxModule, InstallationsModule],
  controllers: [CheckoutController, ShopController],
  providers: [AfterSalesService, CardsService, CheckoutService, KnownOrders, OrderList, OrdersService],
  exports: [OrderList, OrdersService],
})
export class OrdersModule {}
