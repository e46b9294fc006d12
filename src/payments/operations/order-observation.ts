import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OrderSync } from '../../orders';
import { Ledger, saleOf } from './ledger';
import { toReading } from './order-reading';

/** Judges the operations of an order by each reading that the order's sync gets from Appmax. */
@Injectable()
export class OrderObservation implements OnModuleInit {
  constructor(
    private readonly orderSync: OrderSync,
    private readonly ledger: Ledger,
  ) {}

  onModuleInit(): void {
    this.orderSync.observeWith({
      observe: (manager, { order, state, askedAt }) =>
        this.ledger.observeWithin(manager, {
          sale: saleOf(order.id),
          orderId: order.id,
          reading: toReading(state, askedAt),
          at: askedAt,
        }),
    });
  }
}
