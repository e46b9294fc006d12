import { z } from 'zod';
import { isDocument } from '../common/documents';
import { type Generation } from '../settings/settings';

const digits = (least: number, most: number): z.ZodString =>
  z.string().regex(new RegExp(`^\\d{${least},${most}}$`), `must be ${least} to ${most} digits`);

/** Raw card data. Years are `2030` or `30`. */
export const typedCardSchema = z.object({
  number: z
    .string()
    .transform((number) => number.replaceAll(/[\s-]/g, ''))
    .pipe(digits(13, 19)),
  cvv: digits(3, 4),
  expiration_month: z.string().regex(/^(0?[1-9]|1[0-2])$/, 'must be a month'),
  expiration_year: z.string().regex(/^(\d{2}|\d{4})$/, 'must be a year'),
});
export type TypedCard = z.infer<typeof typedCardSchema>;

/** The body of `POST /v1/payments/tokenize`. */
export const tokenizeSchema = z.object({
  payment_data: z.object({
    credit_card: typedCardSchema.extend({ holder_name: z.string().trim().min(1) }),
  }),
});

/** A payment's `subscription`. Clients send the interval as `month` or as `monthly`. */
export const subscriptionSchema = z.object({
  interval: z.string().min(1),
  interval_count: z.number().int().positive(),
});

const commonFields = z.object({
  holder_name: z.string().trim().min(1),
  holder_document_number: z.string().refine(isDocument, 'The document number is not valid.'),
  installments: z.number().int().min(1).max(12),
  soft_descriptor: z.string().max(13).optional(),
  upsell_hash: z.string().optional(),
});

/** The body of `POST /v1/payments/credit-card`. */
export const cardPaymentSchema = z.object({
  order_id: z.number().int().positive(),
  customer_id: z.number().int().positive(),
  payment_data: z.object({
    credit_card: z.union([
      commonFields.extend({ token: z.string().min(1) }),
      commonFields.extend(typedCardSchema.shape),
    ]),
    subscription: subscriptionSchema.optional(),
  }),
});

/** The data of a card that the simulator keeps: not the full number. */
export interface Card {
  readonly outcome: CardOutcome;
  readonly brand: string;
  /** First six and last four digits. */
  readonly maskedNumber: string;
}

/** The result of a payment with a card. */
export type CardOutcome =
  'approved' | 'authorized' | 'declined' | 'transaction_error' | 'order_failed' | 'gateway_unavailable';

const outcomes: Readonly<Record<string, CardOutcome>> = {
  '4000000000000010': 'approved',
  '4000000000000028': 'authorized',
  '4000000000000002': 'declined',
  '4000000000000036': 'transaction_error',
  '4000000000000044': 'order_failed',
  '4000000000009999': 'gateway_unavailable',
};

/** Returns the sandbox's outcome for a card number. G1 has no card that is only authorized. */
export function cardOutcome(number: string, generation: Generation): CardOutcome {
  const outcome = outcomes[number] ?? 'declined';
  return outcome === 'authorized' && generation === 'g1' ? 'declined' : outcome;
}

const brands: readonly (readonly [RegExp, string])[] = [
  [/^4/, 'visa'],
  [/^(5[1-5]|2[2-7])/, 'mastercard'],
  [/^3[47]/, 'amex'],
  [/^(36|38|30[0-5])/, 'diners'],
  [/^6/, 'elo'],
];

/** Returns what the simulator keeps of a card with this number. */
export function readCard(number: string, generation: Generation): Card {
  return {
    outcome: cardOutcome(number, generation),
    brand: brands.find(([pattern]) => pattern.test(number))?.[1] ?? 'visa',
    maskedNumber: `${number.slice(0, 6)}${'*'.repeat(number.length - 10)}${number.slice(-4)}`,
  };
}
