import { Module } from '@nestjs/common';
import { CheckoutModule } from '../checkout';
import { WebhooksModule } from '../webhooks';
import { Erasure } from './erasure';
import { OrderErasure } from './order-erasure';
import { PersonEvents } from './person/person-events';
import { PersonFinder } from './person/person-finder';
import { PersonOrders } from './person/person-orders';
import { PersonExport } from './person-export';

/** Exports and erases the personal data of a shopper, for the commands. */
@Module({
  imports: [CheckoutModule, WebhooksModule],
  providers: [Erasure, OrderErasure, PersonEvents, PersonExport, PersonFinder, PersonOrders],
  exports: [Erasure, PersonExport, PersonFinder],
})
export class PrivacyModule {}
