import { isNews, type OrderStatus, saysLess } from '../../orders';
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

/** Whether Appmax must be asked before anything is concluded from an event. @param now the order's status. */
export function mustAsk(event: string, now: string): boolean {
  const claimed = statusOf(event);
  return claimed !== undefined && isNews(now, claimed);
}

/** Whether what Appmax says, asked after the event, settles it: it says as much as the event did, or more. */
export function confirms(event: string, answer: string): boolean {
  const claimed = statusOf(event);
  return claimed === undefined || ALSO_CONFIRMED_BY[event] === answer || !saysLess(answer, claimed);
}
