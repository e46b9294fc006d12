import { z } from 'zod';
import { INT32_MAX } from '../../common/validation/validators';
import { normaliseStatus, PAYMENT_METHODS, type PaymentMethod, UNPAID_STATUSES } from '../order-status';
import { answerOf, id, optionalAddress, optionalText } from './answer';
import { maskedText } from './texts';
import { dueDateOfLine, readDueDate, readTime } from './times';

/** `{access_token, token_type, expires_in}`; `expires_in` is in seconds. */
export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().catch(0),
});

export const authorizeAnswer = answerOf({ token: z.string().min(1).max(512) });

export const generateAnswer = answerOf({
  client: z.object({ client_id: z.string().min(1), client_secret: z.string().min(1) }),
});

export const customerAnswer = answerOf({ customer: z.object({ id }) });

const status = optionalText.transform((text) => (text === undefined ? undefined : normaliseStatus(text)));

export const orderAnswer = answerOf({ order: z.object({ id, status }) });

const amount = z.coerce.number().int().nonnegative().max(INT32_MAX).catch(0);

/** An amount; undefined if Appmax does not give it, which is not the same as 0. */
const optionalAmount = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .pipe(z.number().int().nonnegative().max(INT32_MAX))
  .optional()
  .catch(undefined);

/** The current state of an order at Appmax; amounts in cents. The total includes the interest of installments. */
export const getOrderAnswer = answerOf({
  order: z.object({
    id,
    status: z.string().trim().min(1).transform(normaliseStatus),
    amounts: z
      .object({ sub_total: amount, shipping_value: amount, discount: amount, installment_fee: amount })
      .catch({ sub_total: 0, shipping_value: 0, discount: 0, installment_fee: 0 }),
    total_paid: optionalAmount,
    updated_at: optionalText,
  }),
  customer: z.object({ id }).optional().catch(undefined),
  payment: z.object({ method: optionalText, paid_at: optionalText }).nullish().catch(undefined),
  refund: z.object({ refunded_at: optionalText }).nullish().catch(undefined),
}).transform(
  ({ order: { id: orderId, status, amounts, total_paid, updated_at }, customer, payment, refund }) => ({
    totalPaidCents: total_paid,
    paidAt: payment?.paid_at,
    method: methodOf(payment?.method),
    updatedAt: updated_at,
    refundedAt: refund?.refunded_at,
    id: orderId,
    status,
    customerId: customer?.id,
    totalCents: Math.min(
      INT32_MAX,
      Math.max(0, amounts.sub_total + amounts.shipping_value - amounts.discount + amounts.installment_fee),
    ),
  }),
);

/**
 * A card payment. The older form has the payment's reference, which is empty if the card was declined. The newer form
 * has the order's status, which takes precedence if an answer has both. An answer with neither proves no outcome.
 */
export const cardAnswer = answerOf({
  payment: z.object({ pay_reference: z.unknown(), upsell_hash: optionalText, status }).partial().nullish(),
  order: z.object({ status }).partial().nullish(),
  upsell_hash: optionalText,
}).transform(({ payment, order, upsell_hash }) => {
  const named = order?.status ?? payment?.status;
  const reference = payment?.pay_reference;
  return {
    // In any other status, also one that we do not know, the card may have been charged.
    declined:
      reference !== undefined && isBlank(reference) && (named === undefined || UNPAID_STATUSES.has(named)),
    recognised: named !== undefined || reference !== undefined,
    status: named,
    upsellHash: upsell_hash ?? payment?.upsell_hash,
  };
});

/** A Pix, in the older or the newer form. A Pix without a code means that the order has another payment pending. */
export const pixAnswer = answerOf({
  payment: z
    .object({ pix_qrcode: optionalText, pix_emv: optionalText, pix_expiration_date: optionalText })
    .partial()
    .nullish(),
  pix: z
    .object({ qr_code: optionalText, emv_code: optionalText, expires_at: optionalText })
    .partial()
    .nullish(),
}).transform(({ payment, pix }) => ({
  recognised: Boolean(payment ?? pix),
  qrCode: pix?.qr_code ?? payment?.pix_qrcode,
  emv: pix?.emv_code ?? payment?.pix_emv,
  expiresAt: readTime(pix?.expires_at ?? payment?.pix_expiration_date, 'end'),
}));

export const boletoAnswer = answerOf({
  payment: z
    .object({
      boleto_link_pdf: optionalAddress,
      boleto_digitable_line: optionalText,
      boleto_expiration_date: optionalText,
    })
    .partial()
    .nullish(),
  boleto: z
    .object({ pdf_url: optionalAddress, digitable_line: optionalText, due_date: optionalText })
    .partial()
    .nullish(),
}).transform(({ payment, boleto }) => {
  const pdfUrl = boleto?.pdf_url ?? payment?.boleto_link_pdf;
  const digitableLine = boleto?.digitable_line ?? payment?.boleto_digitable_line;
  return {
    // With a line, the boleto was made, also if its address cannot be used.
    recognised: Boolean(payment ?? boleto) && (digitableLine === undefined || pdfUrl !== undefined),
    pdfUrl,
    digitableLine,
    dueAt:
      readDueDate(boleto?.due_date ?? payment?.boleto_expiration_date) ??
      dueDateOfLine(digitableLine, new Date()),
  };
});

/** A card token, valid for one payment. */
export const tokenizeAnswer = answerOf({ token: z.string().min(1) });

/** Any body: the 2xx status alone means that Appmax accepted the request. */
export const acceptedAnswer = z.unknown().transform(() => undefined);

export const upsellAnswer = answerOf({
  message: optionalText.transform((text) => (text === undefined ? undefined : maskedText(text))),
  redirect_url: optionalAddress,
  order: z.object({ id, status }).optional().catch(undefined),
}).transform(({ message, redirect_url, order }) => ({
  message,
  redirectUrl: redirect_url,
  orderId: order?.id,
}));

/** The spellings of each payment method in Appmax's answers, in lower-case letters only. */
const METHOD_SPELLINGS: Readonly<Record<PaymentMethod, readonly string[]>> = {
  credit_card: ['creditcard', 'card'],
  pix: ['pix'],
  boleto: ['boleto'],
};

/** The method of a payment, in any of the spellings that Appmax uses. */
function methodOf(text: string | undefined): PaymentMethod | undefined {
  const spelling = text?.toLowerCase().replace(/[^a-z]/g, '') ?? '';
  return PAYMENT_METHODS.find((method) => METHOD_SPELLINGS[method].includes(spelling));
}

function isBlank(value: unknown): boolean {
  return value === null || value === '';
}
