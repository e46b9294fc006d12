import { z } from 'zod';
import { type ApiAnswer } from '../answers/answer';
import { notFound } from '../appmax/api-error';
import { type MerchantCall } from '../appmax/route';
import { validBody } from '../appmax/validation';
import { type CardPayment, latestPayment, type Order } from '../orders/order';
import { isPaid, isPayable } from '../orders/order-status';
import { capture } from '../orders/settling';
import { paymentIdentity } from '../payments/payment-ids';
import { publicOrigin, type Simulator } from '../simulator';
import { productSchema } from './orders';

const upsellSchema = z.object({
  upsell_hash: z.string().min(1),
  products_value: z.number().int().positive(),
  products: z.array(productSchema).min(1),
});

type Upsell = z.output<typeof upsellSchema>;

/** Creates a new order for an upsell. */
function newOrder(simulator: Simulator, parent: Order, upsell: Upsell): Order {
  return simulator.orders.create({
    merchant: parent.merchant,
    customer: parent.customer,
    products: upsell.products,
    productsValue: upsell.products_value,
    discountValue: 0,
    shippingValue: 0,
    upsellOf: parent.id,
  });
}

/**
 * Adds the products of an upsell to its first order.
 * @throws ApiError 404 for an order that is refunded, charged back or in an unknown status
 */
function extendedOrder(parent: Order, upsell: Upsell): Order {
  if (!isPaid(parent.status) && !isPayable(parent.status)) throw notFound('Upsell');
  parent.products = [...parent.products, ...upsell.products];
  parent.productsValue += upsell.products_value;
  parent.total += upsell.products_value;
  return parent;
}

/**
 * Charges an upsell to the card that paid an order, on a new order or on the same one (`POST /v1/orders/upsell`). Each
 * call charges again.
 */
export function chargeUpsell(simulator: Simulator, call: MerchantCall): ApiAnswer {
  const body = validBody(upsellSchema, call.body);
  const parent = simulator.orders.findByUpsellHash(call.merchant, body.upsell_hash);
  const card = parent === undefined ? undefined : latestPayment(parent, 'credit_card');
  if (parent === undefined || card === undefined) throw notFound('Upsell');
  const { upsell_keeps_order } = simulator.settings;
  const order = upsell_keeps_order ? extendedOrder(parent, body) : newOrder(simulator, parent, body);
  const payment: CardPayment = {
    ...card,
    ...paymentIdentity(),
    amount: body.products_value,
    fee: 0,
    installments: 1,
    createdAt: simulator.clock.now(),
    state: 'authorized',
    voidedAt: null,
  };
  order.payments.push(payment);
  capture(simulator, order, payment, `upsell of order ${parent.id}: card charged`);
  simulator.publisher.order(order, 'order_up_sold');
  return call.answers.upsell(order, `${publicOrigin(simulator)}/orders/${order.id}`);
}
