import { type SimulatedClock } from '../clock/simulated-clock';
import { type Ledger } from '../ledger/ledger';
import { type Settings } from '../settings/settings';
import { type WebhookPublisher } from '../webhooks/webhook-publisher';
import { type Order } from './order';
import { type OrderStatus } from './order-status';
import { type OrderStore } from './order-store';

/** The parts of the simulator that order operations use. */
export interface OrderContext {
  readonly clock: SimulatedClock;
  readonly settings: Settings;
  readonly ledger: Ledger;
  readonly publisher: WebhookPublisher;
  readonly orders: OrderStore;
}

/** Maximum number of history entries of an order: its creation and the newest ones. */
const KEPT_ENTRIES = 200;

/** Sets an order's status and adds an entry to its history. */
export function record(context: OrderContext, order: Order, status: OrderStatus, cause: string): void {
  const at = context.clock.now();
  order.status = status;
  order.updatedAt = at;
  order.history.push({ at, status, cause });
  if (order.history.length > KEPT_ENTRIES) order.history.splice(1, 1);
}

/**
 * Schedules an automatic event of an order. It does not run if the setting `automatic` is off now or when it is due.
 * @param seconds seconds on the simulated clock; null means never
 */
export function scheduleAutomaticEvent(
  context: OrderContext,
  order: Order,
  seconds: number | null,
  run: (order: Order) => void,
): void {
  if (seconds === null || !context.settings.automatic) return;
  const orderId = order.id;
  // Holds only the id: the order may have been removed when the event happens.
  context.clock.schedule(context.clock.now() + seconds * 1000, () => {
    const current = context.orders.get(orderId);
    if (current !== undefined && context.settings.automatic) run(current);
  });
}
