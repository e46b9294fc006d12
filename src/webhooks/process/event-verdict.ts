import { isNews, type OrderStatus, isBehind } from '../../orders';
import { statusOf } from '../events/event-catalogue';

/**
 * Two events that mislead, and the answer that settles them all the same: an order is "paid" when its card is only
 * authorised, and Appmax leaves an order whose boleto is overdue as it was.
 */
const ALSO_CONFIRMED_BY: Readonly<Record<string, OrderStatus>> = {
  OrderPaid: 'autorizado',
  order_paid: 'autorizado',
  OrderBilletOverdue: 'pendente',
  order_billet_overdue: 'pendente',
};

/** Whether Appmax must be asked before anything is concluded from an event. @param orderStatus the one that we have. */
export function needsRead(event: string, orderStatus: string): boolean {
  const asserted = statusOf(event);
  return asserted !== undefined && isNews(orderStatus, asserted);
}

/** Whether what Appmax says, asked after the event, settles it: it says as much as the event did, or more. */
export function confirms(event: string, answer: string): boolean {
  const asserted = statusOf(event);
  return asserted === undefined || ALSO_CONFIRMED_BY[event] === answer || !isBehind(answer, asserted);
}
