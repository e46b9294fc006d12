import { Module } from '@nestjs/common';
import { AppmaxModule } from '../appmax';
import { IdempotencyModule } from '../idempotency';
import { InstallationsModule } from '../installations';
import { OrdersModule } from '../orders';
import { PaymentsModule } from '../payments';
import { AfterSalesService } from './after-sales.service';
import { CardsService } from './cards.service';
import { CheckoutController } from './checkout.controller';
import { CheckoutService } from './checkout.service';
import { InstallmentPlans } from './installment-plans';
import { OrderTokenInterceptor } from './order-token.interceptor';
import { PayPageController } from './pay-page/pay-page.controller';
import { WebFiles } from './pay-page/web-files';
import { ShopController } from './shop.controller';
import { StorefrontOrders } from './storefront-orders';
import { StreamController } from './stream.controller';

/** The module with the storefront's routes and the routes for the shop's own server. */
@Module({
  imports: [AppmaxModule, IdempotencyModule, InstallationsModule, OrdersModule, PaymentsModule],
  controllers: [CheckoutController, PayPageController, ShopController, StreamController],
  providers: [
    AfterSalesService,
    CardsService,
    CheckoutService,
    InstallmentPlans,
    OrderTokenInterceptor,
    StorefrontOrders,
    WebFiles,
  ],
})
export class CheckoutModule {}
