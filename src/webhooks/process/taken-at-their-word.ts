import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { StatusClaims } from '../../orders';
import { statusOf } from '../events/event-catalogue';
import { EventQueue, type ClaimedEvent, type ClaimedEvents } from './event-queue';
import type { Waiting } from './waiting';

/** Applies events that came before their order, where webhooks are not verified. */
@Injectable()
export class TakenAtTheirWord {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly queue: EventQueue,
    private readonly claims: StatusClaims,
  ) {}

  async apply(claimed: ClaimedEvents): Promise<Waiting[]> {
    const waiting: Waiting[] = [];
    for (const event of claimed.events) {
      if (!(await this.applyOne(claimed, event))) {
        waiting.push({ event, why: 'its order did not appear', isOrderMissing: true });
      }
    }
    return waiting;
  }

  /** @returns false when the order is not here. */
  private applyOne(claimed: ClaimedEvents, { id, event }: ClaimedEvent): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const { orderId } = claimed;
      const now = await this.claims.lock(manager, orderId);
      if (now === undefined) return false;
      const status = statusOf(event);
      // The event is marked and applied together or not at all; a claim that was lost applies nothing.
      if ((await this.queue.settleClaimed(manager, claimed, id)) && status !== undefined) {
        await this.claims.add(manager, { orderId, now, claimed: status });
      }
      return true;
    });
  }
}
