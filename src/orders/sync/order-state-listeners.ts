import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AppmaxOrderState } from '../../appmax';
import type { Order } from '../order.entity';

/** The status of an order at Appmax. */
export interface KnownState {
  readonly status: string;
  /** The time at which Appmax was asked for this status: it says nothing about events that came later. */
  readonly askedAt: Date;
}

/** An order, the state that Appmax returned for it, and the time at which Appmax was asked. */
export interface ObservedState {
  readonly order: Order;
  readonly state: AppmaxOrderState;
  readonly askedAt: Date;
}

/** Takes part in the transaction that applies an answer of Appmax, before the order's row is locked. */
export interface OrderObserver {
  /** @returns `mayApply`: false if a payment has made the answer outdated. Then its status is not applied. */
  observe(manager: EntityManager, observed: ObservedState): Promise<{ readonly mayApply: boolean }>;
}

/** Is called with an order's status at Appmax after each sync that applied it. */
export interface OrderStateListener {
  onOrderState(orderId: number, state: KnownState): Promise<void>;
}

/**
 * The parts of other modules that each sync calls. `PaymentsModule` registers the observer that settles operations,
 * `WebhooksModule` the listener that settles events.
 */
@Injectable()
export class OrderStateListeners {
  readonly observers: OrderObserver[] = [];
  readonly listeners: OrderStateListener[] = [];
}
