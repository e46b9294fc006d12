import type { AppmaxClient } from '../../appmax';
import type { AppmaxConfig } from '../../config';
import type { PaymentMethodHandler, PaymentRequests } from './payment-method';

/** The handler for boletos: the shopper pays a digitable line until its due date. */
export function boleto(
  appmax: AppmaxClient,
  { timeoutSeconds }: AppmaxConfig,
): PaymentMethodHandler<PaymentRequests['boleto']> {
  return {
    isLearnable: false,
    callLimitSeconds: timeoutSeconds,
    installments: () => undefined,
    payerDocument: ({ documentNumber }) => documentNumber,
    send: async ({ merchant, order, request: { documentNumber } }, fence) => {
      const payment = { orderId: order.appmaxOrderId, documentNumber };
      const { pdfUrl, digitableLine, dueAt } = await appmax.payByBoleto(merchant.credentials, payment, fence);
      return {
        status: 'pendente',
        columns: { boletoPdfUrl: pdfUrl, boletoDigitavel: digitableLine },
        codeExpiresAt: dueAt,
      };
    },
    hasCode: ({ boletoPdfUrl, boletoDigitavel }) => boletoPdfUrl !== null && boletoDigitavel !== null,
  };
}
