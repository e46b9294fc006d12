import { isBehind, isNews, type OrderStatus } from '../../orders';
import { statusOf } from '../events/event-catalogue';

/**
 * Events that are also confirmed by an earlier status than they assert: Appmax calls an order "paid" when its card is
 * only authorised, and does not change an order whose boleto is overdue.
 */
const ALSO_CONFIRMED_BY: Readonly<Record<string, OrderStatus>> = {
  OrderPaid: 'autorizado',
  order_paid: 'autorizado',
  OrderBilletOverdue: 'pendente',
  order_billet_overdue: 'pendente',
};

/** Returns true if an event would change its order, so that Appmax must be asked. @param orderStatus our own status. */
export function needsRead(event: string, orderStatus: string): boolean {
  const asserted = statusOf(event);
  return asserted !== undefined && isNews(orderStatus, asserted);
}

/** Returns true if the order's status at Appmax, read after the event, is the asserted status or a later one. */
export function confirms(event: string, answer: string): boolean {
  const asserted = statusOf(event);
  return asserted === undefined || ALSO_CONFIRMED_BY[event] === answer || !isBehind(answer, asserted);
}
