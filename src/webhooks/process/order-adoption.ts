import { Injectable } from '@nestjs/common';
import { InstallationsService, type Merchant } from '../../installations';
import { OrdersService, OrderSync } from '../../orders';
import { EventQueue, type LeasedEvents } from './event-queue';

/** The attempts that ask Appmax for an unknown order: few, because anyone can forge events with a merchant's key. */
const ASKING_ATTEMPTS: ReadonlySet<number> = new Set([3, 6, 9, 12, 15]);

const MISSING = 'its order did not appear';

/**
 * Finds the order of waiting events. An unknown order is saved if Appmax has it for the merchant that an event names;
 * whether webhooks are verified makes no difference. When it is saved, a trigger ends the lease of the order's events
 * and makes them due: the attempt that saved it can settle them only if that needs no lease.
 */
@Injectable()
export class OrderAdoption {
  constructor(
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly orderSync: OrderSync,
    private readonly queue: EventQueue,
  ) {}

  /** Finds or saves the order. @returns its status, or the reason why there is none. */
  async findOrAdopt({ orderId, events }: LeasedEvents): Promise<{ status: string } | string> {
    const order = await this.orders.find(orderId);
    if (order !== null) return order;
    const asking = events.find(({ attempts }) => ASKING_ATTEMPTS.has(attempts));
    const merchant = asking === undefined ? undefined : await this.merchantNamedBy(asking.id);
    if (merchant === undefined) return MISSING;
    const { state, problem } = await this.orderSync.sync({ orderId, reason: 'adoption', merchant });
    return state ?? (problem === undefined ? MISSING : `${MISSING} (${problem})`);
  }

  /** Finds the merchant that an event's envelope names by its `external_key` or `client_key`. */
  private async merchantNamedBy(eventId: number): Promise<Merchant | undefined> {
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
