import { type ApiAnswer } from '../answers/answer';
import { ApiError, notFound } from '../appmax/api-error';
import { type MerchantCall } from '../appmax/route';
import { validBody } from '../appmax/validation';
import { boletoPaymentSchema, issueBoleto } from '../boleto/boleto-payment';
import { type Order } from '../orders/order';
import { isPayable } from '../orders/order-status';
import { hasPendingPayment } from '../payments/open-payments';
import { createPix, pixPaymentSchema } from '../pix/pix-payment';
import { qrPng } from '../pix/qr-png';
import { publicOrigin, type Simulator } from '../simulator';
import { orderOf } from './orders';

/** Returns an order that can be paid. @throws ApiError 404 for a paid order, as Appmax does for Pix and boleto */
function payableOrder(simulator: Simulator, call: MerchantCall, id: number): Order {
  const order = orderOf(simulator, call, id);
  if (!isPayable(order.status) && !call.evenIfPaid) throw notFound('Payable order');
  if (order.total === 0) throw new ApiError(422, 'refused', 'There is nothing to pay.');
  return order;
}

/** Creates a Pix (`POST /v1/payments/pix`). With a pending payment and `no_qr`, the response has no code. */
export function payByPix(simulator: Simulator, call: MerchantCall): ApiAnswer {
  const body = validBody(pixPaymentSchema, call.body);
  const order = payableOrder(simulator, call, body.order_id);
  const { settings } = simulator;
  if (settings.pix_when_pending === 'no_qr' && hasPendingPayment(order)) {
    return call.answers.pix(order, { payment: null, picture: null }, settings);
  }
  const payment = createPix(simulator, order);
  const base64 = qrPng(payment.emv).toString('base64');
  const picture = settings.qr_code_prefix ? `data:image/png;base64,${base64}` : base64;
  return call.answers.pix(order, { payment, picture }, settings);
}

/** Issues a boleto (`POST /v1/payments/boleto`). Each call issues another one. */
export function payByBoleto(simulator: Simulator, call: MerchantCall): ApiAnswer {
  const body = validBody(boletoPaymentSchema, call.body);
  const order = payableOrder(simulator, call, body.order_id);
  const payment = issueBoleto(simulator, order, body.payment_data.boleto.document_number);
  return call.answers.boleto(order, payment, `${publicOrigin(simulator)}/boletos/${payment.id}.pdf`);
}
