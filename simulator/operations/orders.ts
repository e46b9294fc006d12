import { z } from 'zod';
import { type ApiAnswer } from '../answers/answer';
import { ApiError, notFound } from '../appmax/api-error';
import { type MerchantCall } from '../appmax/route';
import { pathId, validBody } from '../appmax/validation';
import { type Order, productsTotal } from '../orders/order';
import { orderAsOf } from '../orders/order-as-of';
import { record } from '../orders/order-context';
import { type Simulator } from '../simulator';

const cents = z.number().int().min(0);

/** One line of an order in a request body. */
export const productSchema = z.object({
  sku: z.string().min(1),
  name: z.string().min(1),
  quantity: z.number().int().min(1),
  unit_value: cents.optional(),
  type: z.enum(['physical', 'digital']).optional(),
});

const orderSchema = z.object({
  customer_id: z.number().int().positive(),
  products: z.array(productSchema).min(1),
  products_value: cents.optional(),
  discount_value: cents,
  shipping_value: cents,
});

const trackingSchema = z.object({
  order_id: z.number().int().positive(),
  shipping_tracking_code: z.string().trim().min(1).max(255),
});

/**
 * Returns the merchant's order with this id.
 * @throws ApiError 404, also for another merchant's order
 */
export function orderOf(simulator: Simulator, call: MerchantCall, id: number): Order {
  const order = simulator.orders.find(call.merchant, id);
  if (order === undefined) throw notFound('Order');
  return order;
}

function invalid(field: string, message: string): ApiError {
  return new ApiError(422, 'validation', message, { [field]: [message] });
}

/** Creates an order (`POST /v1/orders`). Each call creates another order, even if the bodies are identical. */
export function createOrder(simulator: Simulator, call: MerchantCall): ApiAnswer {
  const body = validBody(orderSchema, call.body);
  const customer = simulator.customers.find(call.merchant, body.customer_id);
  if (customer === undefined) throw invalid('customer_id', 'The selected customer id is invalid.');
  const productsValue = body.products_value ?? productsTotal(body.products);
  if (productsValue === null)
    throw invalid('products_value', 'The products value is required without unit values.');
  if (productsValue + body.shipping_value < body.discount_value) {
    throw invalid('discount_value', 'The discount value is greater than the order.');
  }
  const order = simulator.orders.create({
    merchant: call.merchant,
    customer,
    products: body.products,
    productsValue,
    discountValue: body.discount_value,
    shippingValue: body.shipping_value,
  });
  return {
    status: call.answers.createdStatus,
    body: { data: { order: { id: order.id, status: order.status } } },
  };
}

/** Returns an order as it was `order_read_lag_seconds` ago (`GET /v1/orders/{id}`). */
export function showOrder(simulator: Simulator, call: MerchantCall): ApiAnswer {
  const id = pathId(call.parameters['id'] ?? '');
  if (id === null) throw notFound('Order');
  const order = orderOf(simulator, call, id);
  const { settings, clock } = simulator;
  const lag = settings.order_read_lag_seconds;
  const shown = lag === 0 ? order : orderAsOf(order, clock.now() - lag * 1000);
  return call.answers.order(shown, settings);
}

/** Saves an order's tracking code (`POST /v1/orders/shipping-tracking-code`). */
export function trackOrder(simulator: Simulator, call: MerchantCall): ApiAnswer {
  const { order_id, shipping_tracking_code } = validBody(trackingSchema, call.body);
  const order = orderOf(simulator, call, order_id);
  order.trackingCode = shipping_tracking_code;
  record(simulator, order, order.status, `tracking code ${shipping_tracking_code}`);
  return { status: 200, body: { data: { message: 'Código de rastreio atualizado com sucesso' } } };
}
