import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AssertedStatuses } from '../../orders';
import { statusOf } from '../events/event-catalogue';
import { EventQueue, type LeasedEvent, type LeasedEvents } from './event-queue';
import type { Waiting } from './waiting';

/** Applies events that came before their order, where webhooks are not verified. */
@Injectable()
export class UnverifiedEvents {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly queue: EventQueue,
    private readonly asserted: AssertedStatuses,
  ) {}

  async apply(leased: LeasedEvents): Promise<Waiting[]> {
    const waiting: Waiting[] = [];
    for (const event of leased.events) {
      if (!(await this.applyOne(leased, event))) {
        waiting.push({ event, why: 'its order did not appear', isOrderMissing: true });
      }
    }
    return waiting;
  }

  /** @returns false when the order is not here. */
  private applyOne(leased: LeasedEvents, { id, event }: LeasedEvent): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const { orderId } = leased;
      const orderStatus = await this.asserted.lock(manager, orderId);
      if (orderStatus === undefined) return false;
      const status = statusOf(event);
      // The event is marked and applied together or not at all; without the lease nothing is applied.
      if ((await this.queue.settleLeased(manager, leased, id)) && status !== undefined) {
        await this.asserted.add(manager, { orderId, orderStatus, asserted: status });
      }
      return true;
    });
  }
}
