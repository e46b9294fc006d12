import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { groupBy } from '../../common/group-by';
import { AssertedStatuses } from '../../orders';
import { statusOf } from '../events/event-catalogue';
import { EventQueue, type LeasedEvent, type LeasedEvents, ORDER_MISSING, type Waiting } from './event-queue';

/** Applies events that were received before their order was saved, if webhooks are not verified. */
@Injectable()
export class UnverifiedEvents {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly queue: EventQueue,
    private readonly asserted: AssertedStatuses,
  ) {}

  /** Applies leased events of known orders. @returns those whose order is missing. */
  async apply(leased: LeasedEvents, events: readonly LeasedEvent[]): Promise<Waiting[]> {
    const waiting: Waiting[] = [];
    for (const [orderId, ofOrder] of groupBy(events, ({ orderId }) => orderId)) {
      if (!(await this.applyToOrder(leased, orderId, ofOrder)))
        waiting.push(...ofOrder.map((event) => ({ event, why: ORDER_MISSING, isOrderMissing: true })));
    }
    return waiting;
  }

  /** Applies the events whose lease is still held. @returns false if their order is not in the database. */
  private applyToOrder(
    leased: LeasedEvents,
    orderId: number,
    events: readonly LeasedEvent[],
  ): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      if ((await this.asserted.lock(manager, orderId)) === undefined) return false;
      // The events are marked and applied in one transaction. What has lost its lease is not applied: another instance
      // has the event, or this attempt has just saved its order, which ended the lease and made the event due again.
      const ids = await this.queue.settleLeased(
        manager,
        leased,
        events.map(({ id }) => id),
      );
      for (const { id, event } of events) {
        const asserted = statusOf(event);
        if (asserted === undefined || !ids.includes(id)) continue;
        const orderStatus = await this.asserted.lock(manager, orderId);
        if (orderStatus !== undefined) await this.asserted.add(manager, { orderId, orderStatus, asserted });
      }
      return true;
    });
  }
}
