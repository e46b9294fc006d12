import { wireTime } from '../common/wire-time';
import { type AnswerForms } from './answer';
import { orderParts } from './order-answer';

const methods = { credit_card: 'creditcard', pix: 'pix', boleto: 'boleto' };

/** The response formats of G2, the newer generation, as in Appmax's current API reference. */
export const g2: AnswerForms = {
  createdStatus: 201,
  order: (order, settings) => {
    const refund =
      order.refundedAt === null
        ? {}
        : { refund: { refunded_at: wireTime(order.refundedAt, settings.utc_offset_hours) } };
    return {
      status: 200,
      body: { data: { ...orderParts(order, methods, settings.utc_offset_hours), ...refund } },
    };
  },
  acceptedCard: (order, payment, settings) => ({
    status: 201,
    body: {
      data: {
        order: { id: order.id, status: order.status },
        payment: {
          method: methods.credit_card,
          installments: payment.installments,
          paid_at: payment.paidAt === null ? null : wireTime(payment.paidAt, settings.utc_offset_hours),
        },
        upsell_hash: order.upsellHash,
      },
    },
  }),
  pix: (order, shown, settings) => {
    const expiresAt =
      shown.payment === null ? null : wireTime(shown.payment.expiresAt, settings.utc_offset_hours);
    const emv = shown.payment?.emv ?? null;
    const data =
      settings.pix_form === 'order'
        ? {
            order: { id: order.id, status: order.status },
            pix: { qr_code: shown.picture, emv_code: emv, expires_at: expiresAt },
          }
        : {
            payment: {
              pix_qrcode: shown.picture,
              pix_emv: emv,
              pay_reference: shown.payment?.reference ?? null,
              pix_expiration_date: expiresAt,
            },
          };
    return { status: 201, body: { data } };
  },
  boleto: (order, payment, pdfUrl) => ({
    status: 201,
    body: {
      data: {
        order: { id: order.id, status: order.status },
        boleto: { pdf_url: pdfUrl, digitable_line: payment.digitableLine, due_date: payment.dueDate },
      },
    },
  }),
  installments: 'totals_cents',
  upsell: (_order, redirectUrl) => ({
    status: 200,
    body: { data: { message: 'Upsell realizado com sucesso', redirect_url: redirectUrl } },
  }),
};
