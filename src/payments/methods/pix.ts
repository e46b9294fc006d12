import type { AppmaxClient } from '../../appmax';
import type { AppmaxConfig } from '../../config';
import type { PaymentMethodHandler, PaymentRequests } from './payment-method';

/** The handler for Pix: the shopper pays a code until it expires. */
export function pix(
  appmax: AppmaxClient,
  { timeoutSeconds }: AppmaxConfig,
): PaymentMethodHandler<PaymentRequests['pix']> {
  return {
    isLearnable: false,
    callLimitSeconds: timeoutSeconds,
    installments: () => undefined,
    payerDocument: ({ documentNumber }) => documentNumber,
    send: async ({ merchant, order, request: { documentNumber, subscription } }, fence) => {
      const payment = { orderId: order.appmaxOrderId, documentNumber, subscription };
      const { qrCode, emv, expiresAt } = await appmax.payByPix(merchant.credentials, payment, fence);
      return {
        status: 'pendente',
        columns: { pixQrCode: qrCode, pixEmv: emv },
        codeExpiresAt: expiresAt,
      };
    },
    hasCode: ({ pixQrCode, pixEmv }) => pixQrCode !== null && pixEmv !== null,
  };
}
