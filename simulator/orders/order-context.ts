import { type SimulatedClock } from '../clock/simulated-clock';
import { type Ledger } from '../ledger/ledger';
import { type Settings } from '../settings/settings';
import { type WebhookPublisher } from '../webhooks/webhook-publisher';
import { type Order } from './order';
import { type OrderStatus } from './order-status';
import { type OrderStore } from './order-store';

/** What the life of an order touches. */
export interface OrderContext {
  readonly clock: SimulatedClock;
  readonly settings: Settings;
  readonly ledger: Ledger;
  readonly publisher: WebhookPublisher;
  readonly orders: OrderStore;
}

/** How many steps of an order's life are kept: its creation and the newest ones. */
const KEPT_STEPS = 200;

/** Notes a step of an order's life, and with it the state it is in from now on. */
export function record(context: OrderContext, order: Order, status: OrderStatus, cause: string): void {
  const at = context.clock.now();
  order.status = status;
  order.updatedAt = at;
  order.history.push({ at, status, cause });
  if (order.history.length > KEPT_STEPS) order.history.splice(1, 1);
}

/**
 * Has something happen to an order by itself after a while.
 * @param seconds of the clock; null means never, and so does everything when automatic things are switched off
 */
export function automatically(
  context: OrderContext,
  order: Order,
  seconds: number | null,
  happen: (order: Order) => void,
): void {
  if (seconds === null || !context.settings.automatic) return;
  const orderId = order.id;
  // Only the id is held: an order that was forgotten meanwhile stays forgotten.
  context.clock.schedule(context.clock.now() + seconds * 1000, () => {
    const current = context.orders.get(orderId);
    if (current !== undefined && context.settings.automatic) happen(current);
  });
}
