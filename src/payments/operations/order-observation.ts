import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ObservedState, OrderObserver } from '../../orders';
import { Ledger, saleOf } from './ledger';
import { toReading } from './order-reading';

/** Judges the operations of an order by each reading that the order's sync gets from Appmax. */
@Injectable()
export class OrderObservation implements OrderObserver {
  constructor(private readonly ledger: Ledger) {}

  observe(
    manager: EntityManager,
    { order, state, askedAt }: ObservedState,
  ): Promise<{ readonly mayApply: boolean }> {
    return this.ledger.observeWithin(manager, {
      sale: saleOf(order.id),
      orderId: order.id,
      reading: toReading(state, askedAt),
      at: askedAt,
    });
  }
}
