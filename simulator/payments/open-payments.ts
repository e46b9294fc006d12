import { type BoletoPayment, latestPayment, type Order, type PixPayment } from '../orders/order';
import { type OrderContext, record } from '../orders/order-context';
import { isPayable } from '../orders/order-status';
import { capture } from '../orders/settling';

/** Returns the Pix and boletos of an order that can still be paid, oldest first. A boleto can be paid late. */
export function payablePayments(order: Order): (PixPayment | BoletoPayment)[] {
  return order.payments.filter(
    (payment): payment is PixPayment | BoletoPayment =>
      (payment.method === 'pix' && payment.state === 'open') ||
      (payment.method === 'boleto' && (payment.state === 'open' || payment.state === 'overdue')),
  );
}

/** Returns true if the order has an open or authorized payment. Appmax then shows no new Pix. */
export function hasPendingPayment(order: Order): boolean {
  return order.payments.some(({ state }) => state === 'open' || state === 'authorized');
}

/** Pays a Pix or a boleto, as the shopper's bank does. */
export function payOpenPayment(
  context: OrderContext,
  order: Order,
  payment: PixPayment | BoletoPayment,
): void {
  capture(context, order, payment, payment.method === 'pix' ? 'Pix paid' : 'boleto paid');
  if (payment.method === 'pix') {
    context.publisher.order(order, 'order_paid_by_pix');
    return;
  }
  context.publisher.order(order, 'order_approved');
  context.publisher.order(order, 'order_paid');
}

/** Expires a Pix. The order is cancelled, unless another payment has paid it or is pending. */
export function expirePix(context: OrderContext, order: Order, payment: PixPayment): void {
  if (payment.state !== 'open') return;
  payment.state = 'expired';
  const cancelled = isPayable(order.status) && !hasPendingPayment(order);
  record(context, order, cancelled ? 'cancelado' : order.status, 'Pix expired');
  context.publisher.order(order, 'order_pix_expired');
}

/** Marks a boleto as overdue. Appmax sends a webhook, but leaves the order at `pendente`. */
export function markBoletoOverdue(context: OrderContext, order: Order, payment: BoletoPayment): void {
  if (payment.state !== 'open') return;
  payment.state = 'overdue';
  record(context, order, order.status, 'boleto overdue');
  context.publisher.order(order, 'order_billet_overdue');
}

/** Returns the newest Pix if it is open. */
export function openPix(order: Order): PixPayment | undefined {
  const payment = latestPayment(order, 'pix');
  return payment?.state === 'open' ? payment : undefined;
}

/** Returns the newest boleto if it is open. */
export function openBoleto(order: Order): BoletoPayment | undefined {
  const payment = latestPayment(order, 'boleto');
  return payment?.state === 'open' ? payment : undefined;
}
