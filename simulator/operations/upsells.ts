import { z } from 'zod';
import { type ApiAnswer } from '../answers/answer';
import { notFound } from '../appmax/api-error';
import { type MerchantCall } from '../appmax/route';
import { validBody } from '../appmax/validation';
import { capture } from '../orders/settling';
import { type CardPayment, latestPayment } from '../orders/order';
import { paymentIdentity } from '../payments/payment-ids';
import { publicOrigin, type Simulator } from '../simulator';
import { productSchema } from './orders';

const upsellSchema = z.object({
  upsell_hash: z.string().min(1),
  products_value: z.number().int().positive(),
  products: z.array(productSchema).min(1),
});

/** `POST /v1/orders/upsell`: another order, charged to the card that paid the first one. Each call charges again. */
export function sellMore(simulator: Simulator, call: MerchantCall): ApiAnswer {
  const body = validBody(upsellSchema, call.body);
  const parent = simulator.orders.findByUpsellHash(call.merchant, body.upsell_hash);
  const card = parent === undefined ? undefined : latestPayment(parent, 'credit_card');
  if (parent === undefined || card === undefined) throw notFound('Upsell');
  const order = simulator.orders.create({
    merchant: call.merchant,
    customer: parent.customer,
    products: body.products,
    productsValue: body.products_value,
    discountValue: 0,
    shippingValue: 0,
    upsellOf: parent.id,
  });
  const payment: CardPayment = {
    ...card,
    ...paymentIdentity(),
    amount: order.total,
    installments: 1,
    createdAt: simulator.clock.now(),
    state: 'authorized',
  };
  order.payments.push(payment);
  capture(simulator, order, payment, `upsell of order ${parent.id}: card charged`);
  simulator.publisher.order(order, 'order_up_sold');
  return call.answers.upsell(order, `${publicOrigin(simulator)}/orders/${order.id}`);
}
