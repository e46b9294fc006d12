import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ConcurrencyLimit } from '../../common/concurrency-limit';
import { groupBy } from '../../common/group-by';
import { isRecord } from '../../common/is-record';
import { CONFIG, type Config } from '../../config';
import { queryRows } from '../../database';
import { InstallationsService, type Merchant } from '../../installations';
import { OrderSync, type SyncOutcome } from '../../orders';
import {
  EventQueue,
  type LeasedEvent,
  ORDER_MISSING,
  READING_MILLISECONDS,
  type Waiting,
} from './event-queue';
import { ASKING_ATTEMPTS } from './unknown-orders';

/** The bodies that one statement reads. A body may have 64 KiB. */
const BODIES_AT_ONCE = 100;

/** The maximum number of orders of one merchant in a set for which Appmax is asked. */
const READS_OF_MERCHANT = 5;
/** The merchants whose orders are read at the same time. */
const MERCHANTS_AT_ONCE = 10;

type Missing = Omit<Waiting, 'event'>;

/** The unknown orders of a merchant, and the time of the monotonic clock after which no read begins. */
interface OrdersOfMerchant {
  readonly merchant: Merchant;
  readonly orderIds: readonly number[];
  readonly lastReadAt: number;
}

/**
 * Saves unknown orders of waiting events: those that Appmax has for the merchant that an event names. Whether webhooks
 * are verified makes no difference. When an order is saved, a trigger ends the leases of its events and makes them due.
 */
@Injectable()
export class OrderAdoption {
  private readonly millisecondsPerRead: number;

  constructor(
    @Inject(CONFIG) { appmax }: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly queue: EventQueue,
    private readonly installations: InstallationsService,
    private readonly orderSync: OrderSync,
  ) {
    this.millisecondsPerRead = 1_000 / appmax.backgroundReads.perSecond;
  }

  /** Asks Appmax for the orders of events whose attempt asks. @returns the events whose order is still missing. */
  async adopt(events: readonly LeasedEvent[]): Promise<Waiting[]> {
    const orders = groupBy(events, ({ orderId }) => orderId);
    const asking = events.filter(({ attempts }) => ASKING_ATTEMPTS.includes(attempts));
    const ordersOfKeys = await this.ordersOfKeys(asking);
    const reasons = new Map<number, Missing | undefined>();
    const limit = new ConcurrencyLimit({ atOnce: MERCHANTS_AT_ONCE, waiting: Infinity });
    const lastReadAt = performance.now() + READING_MILLISECONDS;
    await Promise.all(
      [...ordersOfKeys].map(([key, orderIds]) =>
        limit.run(async () => {
          const merchant = await this.installations.find(key);
          if (merchant !== undefined) await this.ask({ merchant, orderIds, lastReadAt }, reasons);
        }),
      ),
    );
    return [...orders].flatMap(([orderId, ofOrder]) => {
      const missing = reasons.has(orderId)
        ? reasons.get(orderId)
        : { why: ORDER_MISSING, isOrderMissing: true };
      return missing === undefined ? [] : ofOrder.map((event) => ({ ...missing, event }));
    });
  }

  /**
   * Asks Appmax for orders of one merchant, one after the other. Once the merchant has no read left, or the set has had
   * enough, the others are not tried: their next attempts follow at the rate of the reads.
   *
   * @param reasons gets, for each order, the reason why it is missing; undefined if it was saved.
   */
  private async ask(
    { merchant, orderIds, lastReadAt }: OrdersOfMerchant,
    reasons: Map<number, Missing | undefined>,
  ): Promise<void> {
    let refusal: SyncOutcome | undefined;
    let refused = 0;
    for (const [index, orderId] of orderIds.entries()) {
      if (index >= READS_OF_MERCHANT || performance.now() >= lastReadAt)
        refusal ??= { kind: 'recent', retryAt: new Date() };
      const outcome = refusal ?? (await this.orderSync.sync({ orderId, reason: 'adoption', merchant }));
      if (outcome.isMerchantBusy === true) refusal = outcome;
      const laterMilliseconds = refusal === undefined ? 0 : refused * this.millisecondsPerRead;
      if (refusal !== undefined) refused += 1;
      reasons.set(orderId, missingOf(outcome, laterMilliseconds));
    }
  }

  /** Returns the unknown orders for which a merchant is asked, by the merchant's key that an event's envelope names. */
  private async ordersOfKeys(asking: readonly LeasedEvent[]): Promise<Map<string, number[]>> {
    const keysOfOrders = new Map<number, string[]>();
    for (let start = 0; start < asking.length; start += BODIES_AT_ONCE) {
      const chunk = asking.slice(start, start + BODIES_AT_ONCE);
      const payloads = await this.queue.payloadsOf(chunk.map(({ id }) => id));
      for (const { id, orderId } of chunk)
        if (!keysOfOrders.has(orderId)) keysOfOrders.set(orderId, keysIn(payloads.get(id)));
    }
    const installed = await this.installedOf([...keysOfOrders.values()].flat());
    const orders = new Map<string, number[]>();
    for (const [orderId, keys] of keysOfOrders) {
      const key = keys.find((each) => installed.has(each));
      if (key === undefined) continue;
      const ofKey = orders.get(key);
      if (ofKey === undefined) orders.set(key, [orderId]);
      else ofKey.push(orderId);
    }
    return orders;
  }

  /** Returns those keys that belong to an installation: forged events may name any. */
  private async installedOf(keys: readonly string[]): Promise<Set<string>> {
    if (keys.length === 0) return new Set();
    const rows = await queryRows<{ key: string }>(
      this.dataSource,
      'SELECT external_key AS key FROM installations WHERE external_key = ANY($1)',
      [[...new Set(keys)]],
    );
    return new Set(rows.map(({ key }) => key));
  }
}

/** Returns the merchant's keys in the envelope of an event. A text in PostgreSQL has no NUL character. */
function keysIn(payload: unknown): string[] {
  const { external_key: externalKey, client_key: clientKey } = isRecord(payload) ? payload : {};
  return [externalKey, clientKey].filter(
    (key): key is string => typeof key === 'string' && key !== '' && !key.includes('\0'),
  );
}

function missingOf(outcome: SyncOutcome, laterMilliseconds: number): Missing | undefined {
  const { kind, state, problem, retryAt } = outcome;
  if (state !== undefined) return undefined;
  if (problem !== undefined) return { why: `${ORDER_MISSING} (${problem})`, isOrderMissing: true };
  const until = retryAt === undefined ? undefined : new Date(retryAt.getTime() + laterMilliseconds);
  return { why: ORDER_MISSING, isOrderMissing: true, until, wasAsked: kind !== 'recent' };
}
