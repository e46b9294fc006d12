import { Injectable } from '@nestjs/common';
import { InstallationsService, type Merchant } from '../../installations';
import { OrderSync, OrdersService } from '../../orders';
import { EventQueue, type LeasedEvents } from './event-queue';

/** Attempts at which Appmax is asked for an order that we don't know: anyone can make up an event with our merchant's key. */
const ASKING_ATTEMPTS: ReadonlySet<number> = new Set([3, 6, 9, 12, 15]);

const MISSING = 'its order did not appear';

/** Finds the order of events that wait, and makes one that we didn't know ours when Appmax has it for a merchant of ours. */
@Injectable()
export class OrderAdoption {
  constructor(
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly orderSync: OrderSync,
    private readonly queue: EventQueue,
  ) {}

  /** @returns the order, or why there is none. */
  async findOrAdopt({ orderId, events }: LeasedEvents): Promise<{ status: string } | string> {
    const order = await this.orders.find(orderId);
    if (order !== null) return order;
    const asking = events.find(({ attempts }) => ASKING_ATTEMPTS.has(attempts));
    const merchant = asking === undefined ? undefined : await this.announcedBy(asking.id);
    if (merchant === undefined) return MISSING;
    const { state, problem } = await this.orderSync.sync({ orderId, reason: 'adoption', merchant });
    return state ?? (problem === undefined ? MISSING : `${MISSING} (${problem})`);
  }

  /** The merchant that an event's envelope names. */
  private async announcedBy(eventId: number): Promise<Merchant | undefined> {
    const payload = await this.queue.payloadOf(eventId);
    const { external_key: externalKey, client_key: clientKey } = (payload ?? {}) as Record<string, unknown>;
    const keys = [externalKey, clientKey].filter((key) => typeof key === 'string' && key !== '') as string[];
    for (const key of new Set(keys)) {
      const merchant = await this.installations.find(key);
      if (merchant !== undefined) return merchant;
    }
    return undefined;
  }
}
