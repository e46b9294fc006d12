import { z } from 'zod';
import { isDocument } from '../common/documents';
import { type Order, type PixPayment } from '../orders/order';
import { type OrderContext, record, scheduleAutomaticEvent } from '../orders/order-context';
import { subscriptionSchema } from '../payments/card';
import { expirePix } from '../payments/open-payments';
import { paymentIdentity } from '../payments/payment-ids';
import { brCode } from './br-code';

/** The body of `POST /v1/payments/pix`. */
export const pixPaymentSchema = z.object({
  order_id: z.number().int().positive(),
  payment_data: z.object({
    pix: z.object({ document_number: z.string().refine(isDocument, 'The document number is not valid.') }),
    subscription: subscriptionSchema.optional(),
  }),
});

/** Creates a Pix for an order and schedules its expiry. Each call creates another Pix. */
export function createPix(context: OrderContext, order: Order): PixPayment {
  const { settings, clock } = context;
  const identity = paymentIdentity();
  const createdAt = clock.now();
  const payment: PixPayment = {
    ...identity,
    method: 'pix',
    state: 'open',
    amount: order.total,
    fee: 0,
    createdAt,
    paidAt: null,
    emv: brCode({
      key: order.merchant.pixKey,
      merchantName: order.merchant.storeName,
      merchantCity: 'Porto Alegre',
      amountCents: order.total,
      transactionId: identity.reference,
    }),
    expiresAt: createdAt + settings.pix_expires_after_seconds * 1000,
  };
  order.payments.push(payment);
  record(context, order, order.status === 'cancelado' ? 'pendente' : order.status, 'Pix created');
  context.publisher.order(order, 'order_pix_created');
  scheduleAutomaticEvent(context, order, settings.pix_expires_after_seconds, (current) => {
    const expiring = current.payments.find(({ id }) => id === identity.id);
    if (expiring?.method === 'pix') expirePix(context, current, expiring);
  });
  return payment;
}
