import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../../config';
import { queryPrepared, queryRows } from '../../database';
import { AssertedStatuses, type OrderStatus } from '../../orders';
import { hasNoOrder, statusOf } from '../events/event-catalogue';
import { EventTraces } from './event-traces';
import type { ReceivedEvent } from './payload-reader';
import { STORE_GROUP } from './store-group.sql';

/** An event to store. */
export interface NewEvent {
  readonly received: ReceivedEvent;
  /** The body as received. */
  readonly text: string;
  /** The trace of the webhook; null without tracing. */
  readonly traceparent: string | null;
}

/** `first`: the event is the first with its name for its order, or has no order. */
export type Stored = 'first' | 'repeat';

/** An event, and what it asserts of its order. */
interface Row extends NewEvent {
  readonly orderId: number | null;
  /** Undefined if there is nothing to apply: the event has no status or no order. */
  readonly asserted: OrderStatus | undefined;
}

/** The letters of {@link STORE_GROUP}. Any other is an event that is not stored. */
const OUTCOMES: Readonly<Record<string, Stored>> = { f: 'first', r: 'repeat' };

/** Stores received webhooks in `webhook_events`, many at a time. */
@Injectable()
export class EventStore {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly asserted: AssertedStatuses,
    private readonly traces: EventTraces,
  ) {}

  /**
   * Stores events, all or none. One that asserts the status of an order is queued (by a trigger), if it is the first
   * with its name for its order; with `WEBHOOK_VERIFICATION=none`, its status is applied at once if its order is saved.
   * Of all copies one is the first: the unique index decides, also between simultaneous groups.
   *
   * @returns the outcomes in the sequence of the events. Undefined: another group has just stored the first event, which
   * this one could not see yet. Then the event is not stored, and the next group can store it.
   */
  async storeGroup(events: readonly NewEvent[]): Promise<(Stored | undefined)[]> {
    const rows = events.map(toRow);
    const sequence = rows.map((_, index) => index).sort((a, b) => bySequence(rows[a], rows[b]) || a - b);
    const sorted = sequence.flatMap((index) => rows[index] ?? []);
    const locksOrders = this.config.webhookVerification === 'none' && rows.some(({ orderId }) => orderId);
    const letters = locksOrders ? await this.storeAndApply(sorted) : await this.store(sorted);
    const outcomes = new Array<Stored | undefined>(rows.length);
    sequence.forEach((index, position) => (outcomes[index] = OUTCOMES[letters[position] ?? '']));
    await this.traces.save(events, outcomes);
    return outcomes;
  }

  private async store(rows: readonly Row[]): Promise<string> {
    const values = valuesOf(rows, ({ asserted }) => asserted === undefined);
    const found = await queryPrepared<{ outcomes: string }>(this.dataSource, {
      name: 'store_webhook_events',
      text: STORE_GROUP,
      values,
    });
    return found[0]?.outcomes ?? '';
  }

  /** Stores events, and applies the asserted statuses of those that are the first, in one transaction. */
  private storeAndApply(rows: readonly Row[]): Promise<string> {
    return this.dataSource.transaction(async (manager) => {
      // Like every change of an order, this locks its row first. So it does for an event without a status, whose order is
      // synced: transactions that change several orders then never wait for each other's rows of syncs.
      const orderIds = new Set(rows.flatMap(({ orderId }) => orderId ?? []));
      const statuses = await this.asserted.lockAll(manager, [...orderIds]);
      const statusOfOrder = ({ orderId }: Row): string | undefined => statuses.get(orderId ?? 0);
      const values = valuesOf(rows, (row) => row.asserted === undefined || statusOfOrder(row) !== undefined);
      const letters = await this.insert(manager, values);
      await this.asserted.addAll(
        manager,
        rows.flatMap((row, index) => {
          const { orderId, asserted } = row;
          const orderStatus = statusOfOrder(row);
          const isApplied = OUTCOMES[letters[index] ?? ''] === 'first' && orderStatus !== undefined;
          return isApplied && orderId !== null && asserted !== undefined
            ? [{ orderId, orderStatus, asserted }]
            : [];
        }),
      );
      return letters;
    });
  }

  private async insert(manager: EntityManager, values: unknown[]): Promise<string> {
    const [row] = await queryRows<{ outcomes: string }>(manager, STORE_GROUP, values);
    return row?.outcomes ?? '';
  }
}

/**
 * SQLSTATEs of a statement that was undone because of its data: a data exception, a constraint, an exception of a
 * trigger, a limit; or because of the locks of another one: a deadlock, a serialization failure.
 */
const UNDONE = /^(22...|23...|54...|P0...|40001|40P01)$/;

/** Returns true if a group had no effect, and a part of it may be stored without the rest. */
export function isFaultOfEvent(error: unknown): boolean {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  return UNDONE.test(String(driverError?.code ?? code));
}

function toRow(newEvent: NewEvent): Row {
  const { event, appmaxOrderId: orderId } = newEvent.received;
  return { ...newEvent, orderId, asserted: orderId === null ? undefined : statusOf(event) };
}

/**
 * The sequence in which all groups insert, so that two groups with the same copies can't wait for each other. Copies are
 * next to each other; events without an order are last.
 */
function bySequence(left: Row | undefined, right: Row | undefined): number {
  const order = (left?.orderId ?? Infinity) - (right?.orderId ?? Infinity);
  if (order !== 0 && !Number.isNaN(order)) return order;
  const [a = '', b = ''] = [left?.received.event, right?.received.event];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Returns the parameters of {@link STORE_GROUP}. */
function valuesOf(rows: readonly Row[], isProcessed: (row: Row) => boolean): unknown[] {
  // The position of the first copy of each row, from 1. Events without an order have no copies.
  const leads: number[] = [];
  rows.forEach((row, index) => {
    const before = rows[index - 1];
    const isCopy = before !== undefined && row.orderId !== null && bySequence(before, row) === 0;
    leads.push(isCopy ? (leads[index - 1] ?? 0) : index + 1);
  });
  return [
    rows.map(({ received }) => received.event),
    rows.map(({ received }) => received.eventType),
    rows.map(({ orderId }) => orderId),
    rows.map(({ text }) => text),
    rows.map(isProcessed),
    // It asserts no status, but its order has changed: a partial refund, for example.
    rows.map(({ received, asserted }) => asserted === undefined && !hasNoOrder(received.event)),
    leads,
  ];
}
