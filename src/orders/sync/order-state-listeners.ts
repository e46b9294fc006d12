import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AppmaxOrderState } from '../../appmax';
import type { Order } from '../order.entity';

/** The state of an order that Appmax returned, and when it was requested. */
export interface KnownState {
  readonly status: string;
  readonly answeredAt: Date;
}

/** An order, the state that Appmax returned for it, and when it was requested. */
export interface ObservedState {
  readonly order: Order;
  readonly state: AppmaxOrderState;
  readonly askedAt: Date;
}

/** Takes part in the transaction in which a state that Appmax returned is applied, before the order's row is locked. */
export interface OrderObserver {
  /** @returns whether the order may take the status; a response that is older than a payment is requested again. */
  observe(manager: EntityManager, observed: ObservedState): Promise<{ readonly mayLearn: boolean }>;
}

/** Is called after a state that Appmax returned was applied, whatever the reason of the request. */
export interface OrderStateListener {
  onOrderState(orderId: number, state: KnownState): Promise<void>;
}

/**
 * The parts of other modules that follow what Appmax says of orders. `PaymentsModule` registers the observer that judges
 * operations, `WebhooksModule` the listener that settles events.
 */
@Injectable()
export class OrderStateListeners {
  readonly observers: OrderObserver[] = [];
  readonly listeners: OrderStateListener[] = [];
}
