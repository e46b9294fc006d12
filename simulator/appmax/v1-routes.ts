import { type FastifyInstance } from 'fastify';
import { type ApiAnswer } from '../answers/answer';
import { TOKENIZE_PATH, tokenizeForBrowser } from '../browser/browser-routes';
import { offerInstallments, payByCard, tokenizeCard } from '../operations/cards';
import { saveCustomer } from '../operations/customers';
import { payByBoleto, payByPix } from '../operations/open-payments';
import { createOrder, showOrder, trackOrder } from '../operations/orders';
import { requestRefundRoute } from '../operations/refunds';
import { chargeUpsell } from '../operations/upsells';
import { type Simulator } from '../simulator';
import { type MerchantCall, merchantRoute } from './route';

type Operation = (simulator: Simulator, call: MerchantCall) => ApiAnswer | Promise<ApiAnswer>;

const posts: Readonly<Record<string, Operation>> = {
  '/v1/customers': saveCustomer,
  '/v1/orders': createOrder,
  '/v1/orders/refund-request': requestRefundRoute,
  '/v1/orders/shipping-tracking-code': trackOrder,
  '/v1/orders/upsell': chargeUpsell,
  '/v1/payments/credit-card': payByCard,
  '/v1/payments/pix': payByPix,
  '/v1/payments/boleto': payByBoleto,
  '/v1/payments/installments': offerInstallments,
};

/** Registers the routes that need a merchant's token. */
export function registerV1Routes(app: FastifyInstance, simulator: Simulator): void {
  for (const [path, operation] of Object.entries(posts)) {
    app.post(
      path,
      merchantRoute(simulator, (call) => operation(simulator, call)),
    );
  }
  const tokenizeForMerchant = merchantRoute(simulator, (call) => tokenizeCard(simulator, call));
  app.post(TOKENIZE_PATH, function (request, reply) {
    return request.headers.authorization === undefined
      ? tokenizeForBrowser(simulator, request, reply)
      : tokenizeForMerchant.call(this, request, reply);
  });
  app.get(
    '/v1/orders/:id',
    merchantRoute(simulator, (call) => showOrder(simulator, call)),
  );
}
