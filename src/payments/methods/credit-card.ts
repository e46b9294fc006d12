import type { AppmaxClient } from '../../appmax';
import type { AppmaxConfig } from '../../config';
import type { PaymentMethodHandler, PaymentRequests } from './payment-method';

/** The handler for cards: a card is charged at once, or authorised while anti-fraud reviews it. */
export function creditCard(
  appmax: AppmaxClient,
  { cardTimeoutSeconds }: AppmaxConfig,
): PaymentMethodHandler<PaymentRequests['credit_card']> {
  return {
    isLearnable: true,
    callLimitSeconds: cardTimeoutSeconds,
    installments: ({ card }) => card.installments,
    payerDocument: ({ card }) => card.holder_document_number,
    send: async ({ merchant, order, request: { card, subscription } }, fence) => {
      const { appmaxOrderId: orderId, appmaxCustomerId: customerId } = order;
      const payment = { orderId, customerId, card, subscription };
      const { status, upsellHash } = await appmax.payByCard(merchant.credentials, payment, fence);
      return { status: status ?? null, columns: upsellHash === undefined ? {} : { upsellHash } };
    },
    hasCode: () => false,
  };
}
