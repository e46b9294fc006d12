import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
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

  /** Applies leased events. @returns those whose order is still missing. */
  async apply(leased: LeasedEvents): Promise<Waiting[]> {
    const waiting: Waiting[] = [];
    for (const event of leased.events) {
      if (!(await this.applyOne(leased, event))) {
        waiting.push({ event, why: ORDER_MISSING, isOrderMissing: true });
      }
    }
    return waiting;
  }

  /** Applies one event, if its lease is still held. @returns false if its order is not in the database. */
  private applyOne(leased: LeasedEvents, { id, event }: LeasedEvent): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const { orderId } = leased;
      const orderStatus = await this.asserted.lock(manager, orderId);
      if (orderStatus === undefined) return false;
      const status = statusOf(event);
      // The event is marked and applied in one transaction. If the lease was lost, nothing is applied: another instance
      // has the event, or this attempt has just saved its order, which ended the lease and made the event due again.
      if ((await this.queue.settleLeased(manager, leased, id)) && status !== undefined) {
        await this.asserted.add(manager, { orderId, orderStatus, asserted: status });
      }
      return true;
    });
  }
}
