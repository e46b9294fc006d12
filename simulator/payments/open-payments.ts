import { type BoletoPayment, latestPayment, type Order, type PixPayment } from '../orders/order';
import { type OrderContext, record } from '../orders/order-context';
import { isPayable } from '../orders/order-status';
import { capture } from '../orders/settling';

/** The Pix and boletos of an order that a shopper can still pay, oldest first. A boleto can be paid late. */
export function payablePayments(order: Order): (PixPayment | BoletoPayment)[] {
  return order.payments.filter(
    (payment): payment is PixPayment | BoletoPayment =>
      (payment.method === 'pix' && payment.state === 'open') ||
      (payment.method === 'boleto' && (payment.state === 'open' || payment.state === 'overdue')),
  );
}

/** Whether a payment of the order is under way, so that Appmax shows no new Pix. */
export function hasPendingPayment(order: Order): boolean {
  return order.payments.some(({ state }) => state === 'open' || state === 'authorized');
}

/** The shopper pays a Pix or a boleto. */
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

/** A Pix was not paid in time. The order is cancelled, unless something else has paid it or still may. */
export function expirePix(context: OrderContext, order: Order, payment: PixPayment): void {
  if (payment.state !== 'open') return;
  payment.state = 'expired';
  const cancelled = isPayable(order.status) && !hasPendingPayment(order);
  record(context, order, cancelled ? 'cancelado' : order.status, 'Pix expired');
  context.publisher.order(order, 'order_pix_expired');
}

/** A boleto's due date has passed. Appmax says so, and leaves the order at `pendente`. */
export function letBoletoFallDue(context: OrderContext, order: Order, payment: BoletoPayment): void {
  if (payment.state !== 'open') return;
  payment.state = 'overdue';
  record(context, order, order.status, 'boleto overdue');
  context.publisher.order(order, 'order_billet_overdue');
}

/** The newest Pix that is still open. */
export function openPix(order: Order): PixPayment | undefined {
  const payment = latestPayment(order, 'pix');
  return payment?.state === 'open' ? payment : undefined;
}

/** The newest boleto that is still open. */
export function openBoleto(order: Order): BoletoPayment | undefined {
  const payment = latestPayment(order, 'boleto');
  return payment?.state === 'open' ? payment : undefined;
}
