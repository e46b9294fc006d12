import { type AnswerForms } from './answer';
import { orderParts } from './order-answer';

/** G1 uses the same names of payment methods as the simulator itself. */
const methods = { credit_card: 'credit_card', pix: 'pix', boleto: 'boleto' };

/** The response formats of G1, the older generation, as Appmax's Go example expects them. */
export const g1: AnswerForms = {
  createdStatus: 200,
  order: (order, settings) => ({
    status: 200,
    body: { data: orderParts(order, methods, settings.utc_offset_hours) },
  }),
  acceptedCard: (order, payment, settings) => ({
    status: 200,
    body: {
      data: {
        payment: {
          id: payment.id,
          pay_reference: payment.reference,
          ...(order.upsellHash === null ? {} : { upsell_hash: order.upsellHash }),
          ...(settings.card_answer_status ? { status: order.status } : {}),
        },
      },
    },
  }),
  pix: (_order, shown) => ({
    status: 200,
    body: { data: { payment: { pix_qrcode: shown.picture ?? '', pix_emv: shown.payment?.emv ?? '' } } },
  }),
  boleto: (_order, payment, pdfUrl) => ({
    status: 200,
    body: { data: { payment: { boleto_link_pdf: pdfUrl, boleto_digitable_line: payment.digitableLine } } },
  }),
  installments: 'parcels_cents',
  upsell: (order, redirectUrl) => ({
    status: 200,
    body: {
      data: {
        message: 'Upsell realizado com sucesso',
        redirect_url: redirectUrl,
        order: { id: order.id, status: order.status },
      },
    },
  }),
};
