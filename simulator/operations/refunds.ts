import { z } from 'zod';
import { type ApiAnswer } from '../answers/answer';
import { ApiError, notFound } from '../appmax/api-error';
import { type MerchantCall } from '../appmax/route';
import { validBody } from '../appmax/validation';
import { isPaid } from '../orders/order-status';
import { refundableAmount, requestRefund } from '../orders/refunds';
import { type Simulator } from '../simulator';
import { orderOf } from './orders';

const order_id = z.number().int().positive();
const refundSchema = z.discriminatedUnion('type', [
  z.object({ order_id, type: z.literal('total') }),
  z.object({ order_id, type: z.literal('partial'), value: z.number().int().positive() }),
]);

/** Requests a refund (`POST /v1/orders/refund-request`). It is completed later. Each call requests another refund. */
export function requestRefundRoute(simulator: Simulator, call: MerchantCall): ApiAnswer {
  const body = validBody(refundSchema, call.body);
  const order = orderOf(simulator, call, body.order_id);
  if (order.status === 'estornado' || order.status.startsWith('chargeback_')) {
    throw new ApiError(400, 'refused', 'The order is refunded or charged back.');
  }
  if (!isPaid(order.status) || order.settledAt === null) throw notFound('Settled order');
  const refundable = refundableAmount(order);
  const value = body.type === 'total' ? refundable : body.value;
  if (refundable <= 0 || value > refundable) {
    throw new ApiError(400, 'refused', 'The value is greater than what can be refunded.');
  }
  requestRefund(simulator, order, body.type, value);
  return { status: 200, body: { data: { message: 'Solicitação de reembolso realizada com sucesso' } } };
}
