import { z } from 'zod';
import { INT32_MAX } from '../../common/validation/validators';
import { normaliseStatus, type PaymentMethod, UNPAID_STATUSES } from '../order-status';
import { answerOf, id, optionalText } from './answer';
import { dueDateOfLine, readDueDate, readTime } from './times';
import { tellable } from './words';

/** `{access_token, token_type, expires_in}`: seconds. */
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

/** An amount that may not be told: that is not the same as nothing. */
const optionalAmount = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .pipe(z.number().int().nonnegative().max(INT32_MAX))
  .optional()
  .catch(undefined);

/** An order as Appmax has it; amounts in cents. */
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
    installmentFeeCents: amounts.installment_fee,
    paidAt: payment?.paid_at,
    method: methodOf(payment?.method),
    updatedAt: updated_at,
    refundedAt: refund?.refunded_at,
    id: orderId,
    status,
    customerId: customer?.id,
    totalCents: Math.min(
      INT32_MAX,
      Math.max(0, amounts.sub_total + amounts.shipping_value - amounts.discount),
    ),
  }),
);

/**
 * A card payment. The older form names the payment's reference, empty when the card was declined; the newer one
 * names the order's status, which counts where an answer names both. An answer that says neither says nothing of what
 * became of the charge.
 */
export const cardAnswer = answerOf({
  payment: z.object({ pay_reference: z.unknown(), upsell_hash: optionalText, status }).partial().nullish(),
  order: z.object({ status }).partial().nullish(),
  upsell_hash: optionalText,
}).transform(({ payment, order, upsell_hash }) => {
  const named = order?.status ?? payment?.status;
  const reference = payment?.pay_reference;
  return {
    // An order in any other status, new ones included, may have been charged.
    declined:
      reference !== undefined && isBlank(reference) && (named === undefined || UNPAID_STATUSES.has(named)),
    recognised: named !== undefined || reference !== undefined,
    status: named,
    upsellHash: upsell_hash ?? payment?.upsell_hash,
  };
});

/** A Pix, told in either form. One that names no code says that the order has another payment pending. */
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
      boleto_link_pdf: optionalText,
      boleto_digitable_line: optionalText,
      boleto_expiration_date: optionalText,
    })
    .partial()
    .nullish(),
  boleto: z
    .object({ pdf_url: optionalText, digitable_line: optionalText, due_date: optionalText })
    .partial()
    .nullish(),
}).transform(({ payment, boleto }) => ({
  recognised: Boolean(payment ?? boleto),
  pdfUrl: boleto?.pdf_url ?? payment?.boleto_link_pdf,
  digitableLine: boleto?.digitable_line ?? payment?.boleto_digitable_line,
  dueAt:
    readDueDate(boleto?.due_date ?? payment?.boleto_expiration_date) ??
    dueDateOfLine(boleto?.digitable_line ?? payment?.boleto_digitable_line, new Date()),
}));

/** A token of a card, good for one payment. */
export const tokenizeAnswer = answerOf({ token: z.string().min(1) });

/** Any answer at all: what counts is that Appmax accepted. */
export const acceptedAnswer = z.unknown().transform(() => undefined);

export const upsellAnswer = answerOf({
  message: optionalText.transform((words) => (words === undefined ? undefined : tellable(words))),
  redirect_url: optionalText,
  order: z.object({ id, status }).optional().catch(undefined),
}).transform(({ message, redirect_url, order }) => ({
  message,
  redirectUrl: redirect_url,
  orderId: order?.id,
}));

/** The method of a payment, in any of the spellings that Appmax uses. */
function methodOf(text: string | undefined): PaymentMethod | undefined {
  const word = text?.toLowerCase().replace(/[^a-z]/g, '');
  if (word === 'creditcard' || word === 'card') return 'credit_card';
  return word === 'pix' || word === 'boleto' ? word : undefined;
}

function isBlank(value: unknown): boolean {
  return value === null || value === '';
}
