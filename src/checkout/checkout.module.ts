import { Module } from '@nestjs/common';
import { AppmaxModule } from '../appmax';
import { WebFiles } from '../common/http/web-files';
import { DatabaseModule } from '../database';
import { IdempotencyModule } from '../idempotency';
import { InstallationsModule } from '../installations';
import { OrdersModule } from '../orders';
import { PaymentsModule } from '../payments';
import { AfterSalesService } from './after-sales.service';
import { CardsService } from './cards/cards.service';
import { InstallmentPlans } from './cards/installment-plans';
import { CheckoutController } from './checkout.controller';
import { CheckoutService } from './checkout.service';
import { OrderTokenInterceptor } from './order-token/order-token.interceptor';
import { PayPageController } from './pay-page/pay-page.controller';
import { SessionPeople } from './session-data/session-people';
import { SessionRetention } from './session-data/session-retention';
import { PayController } from './sessions/pay.controller';
import { SessionPaymentsService } from './sessions/session-payments.service';
import { SessionSeals } from './sessions/session-seals';
import { SessionSweep } from './sessions/session-sweep';
import { SessionViewService } from './sessions/session-view.service';
import { SessionsController } from './sessions/sessions.controller';
import { SessionsRepository } from './sessions/sessions.repository';
import { SessionsService } from './sessions/sessions.service';
import { ShopperData } from './sessions/shopper-data';
import { ShopController } from './shop.controller';
import { StatusController } from './status.controller';
import { StorefrontOrders } from './storefront-orders';

/** The module with the storefront's routes and the routes for the shop's own server. */
@Module({
  imports: [
    AppmaxModule,
    DatabaseModule,
    IdempotencyModule,
    InstallationsModule,
    OrdersModule,
    PaymentsModule,
  ],
  controllers: [
    CheckoutController,
    PayController,
    PayPageController,
    SessionsController,
    ShopController,
    StatusController,
  ],
  providers: [
    AfterSalesService,
    CardsService,
    CheckoutService,
    InstallmentPlans,
    OrderTokenInterceptor,
    SessionPaymentsService,
    SessionPeople,
    SessionRetention,
    SessionSeals,
    SessionSweep,
    SessionViewService,
    SessionsRepository,
    SessionsService,
    ShopperData,
    StorefrontOrders,
    WebFiles,
  ],
  exports: [SessionPeople],
})
export class CheckoutModule {}
