import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppmaxModule } from '../appmax/appmax.module';
import { InstallationsModule } from '../installations/installations.module';
import { CheckoutController } from './checkout.controller';
import { CheckoutService } from './checkout.service';
import { Order } from './order.entity';
import { OrdersService } from './orders.service';

/** Orders and their payments. */
@Module({
  imports: [TypeOrmModule.forFeature([Order]), AppmaxModule, InstallationsModule],
  controllers: [CheckoutController],
  providers: [CheckoutService, OrdersService],
  exports: [OrdersService],
})
export class OrdersModule {}
