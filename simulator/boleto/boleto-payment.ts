import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { isDocument } from '../common/documents';
import { endOfDay, wireDate } from '../common/wire-time';
import { type BoletoPayment, type Order } from '../orders/order';
import { type OrderContext, record, scheduleAutomaticEvent } from '../orders/order-context';
import { markBoletoOverdue } from '../payments/open-payments';
import { paymentIdentity } from '../payments/payment-ids';
import { barcode, digitableLine } from './digitable-line';

/** A bank code that no bank has, so that the boleto can't really be paid. */
const BANK = '999';
const DAY = 86_400_000;

/** The body of `POST /v1/payments/boleto`. */
export const boletoPaymentSchema = z.object({
  order_id: z.number().int().positive(),
  payment_data: z.object({
    boleto: z.object({ document_number: z.string().refine(isDocument, 'The document number is not valid.') }),
  }),
});

/** Issues a boleto for an order and schedules its due date. Each call issues another boleto. */
export function issueBoleto(context: OrderContext, order: Order, documentNumber: string): BoletoPayment {
  const { settings, clock } = context;
  const identity = paymentIdentity();
  const createdAt = clock.now();
  const dueDate = wireDate(createdAt + settings.boleto_due_days * DAY, settings.utc_offset_hours);
  const freeField = String(identity.id).padStart(12, '0') + String(randomInt(1e12)).padStart(13, '0');
  const code = barcode({ bank: BANK, amountCents: order.total, dueDate, freeField });
  const payment: BoletoPayment = {
    ...identity,
    method: 'boleto',
    state: 'open',
    amount: order.total,
    fee: 0,
    createdAt,
    paidAt: null,
    barcode: code,
    digitableLine: digitableLine(code),
    dueDate,
    documentNumber,
  };
  order.payments.push(payment);
  context.orders.rememberBoleto(order, payment);
  record(context, order, order.status === 'cancelado' ? 'pendente' : order.status, 'boleto issued');
  context.publisher.order(order, 'order_billet_created');
  const dueInSeconds = (endOfDay(dueDate, settings.utc_offset_hours) - createdAt) / 1000;
  scheduleAutomaticEvent(context, order, dueInSeconds, (current) => {
    const boleto = current.payments.find(({ id }) => id === identity.id);
    if (boleto?.method === 'boleto') markBoletoOverdue(context, current, boleto);
  });
  return payment;
}
