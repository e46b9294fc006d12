import { Module } from '@nestjs/common';
import { AppmaxModule } from '../appmax';
import { CacheModule } from '../cache';
import { DatabaseModule } from '../database';
import { IdempotencyModule } from '../idempotency';
import { InstallationsModule } from '../installations';
import { OrdersModule, OrderStateListeners } from '../orders';
import { CardDeclines } from './limits/card-declines';
import { OrderPaymentLimit } from './limits/order-payment-limit';
import { PaymentMethods } from './methods/payment-methods';
import { EffectWriter } from './operations/effect-writer';
import { Ledger, OperationLeases } from './operations/ledger';
import { OrderObservation } from './operations/order-observation';
import { OperationList } from './operations/rows/operation-list';
import { OperationsRepository } from './operations/rows/operations.repository';
import { Settler } from './operations/settler';
import { OrderCreation } from './order-creation';
import { OrderRows } from './order-rows';
import { PaymentMetrics } from './payment-metrics';
import { PaymentSender } from './payment-sender';
import { PaymentsService } from './payments.service';
import { RefundsService } from './refunds/refunds.service';
import { Restorations } from './restorations/restorations';
import { OpenCodes } from './sessions/open-codes';
import { OrderClosing } from './sessions/order-closing';
import { PaidSessions } from './sessions/paid-sessions';
import { SessionOrders } from './sessions/session-orders';
import { ShopperProof } from './shopper-proof';
import { UpsellsService } from './upsells/upsells.service';

/** The module for all calls to Appmax that can move money or create something that is paid for. */
@Module({
  imports: [AppmaxModule, CacheModule, DatabaseModule, IdempotencyModule, InstallationsModule, OrdersModule],
  providers: [
    CardDeclines,
    EffectWriter,
    Ledger,
    OperationLeases,
    OperationList,
    OpenCodes,
    OperationsRepository,
    OrderClosing,
    OrderCreation,
    OrderObservation,
    OrderPaymentLimit,
    OrderRows,
    PaidSessions,
    PaymentMethods,
    PaymentMetrics,
    PaymentSender,
    PaymentsService,
    RefundsService,
    Restorations,
    Settler,
    SessionOrders,
    ShopperProof,
    UpsellsService,
  ],
  exports: [
    CardDeclines,
    OpenCodes,
    OperationList,
    OrderClosing,
    OrderCreation,
    PaidSessions,
    PaymentsService,
    RefundsService,
    Restorations,
    SessionOrders,
    UpsellsService,
  ],
})
export class PaymentsModule {
  constructor(orders: OrderStateListeners, observation: OrderObservation) {
    orders.observers.push(observation);
  }
}
