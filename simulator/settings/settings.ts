import { z } from 'zod';

/** The two generations of Appmax's API that are in use: the older one and the newer one. */
export const generations = ['g1', 'g2'] as const;
export type Generation = (typeof generations)[number];

/** The formats of Appmax's webhooks. */
export const contentModels = [
  'standard',
  'standard_meta',
  'two_level_flat',
  'custom_content',
  'old_legacy',
  'old_legacy_nested',
] as const;
export type ContentModel = (typeof contentModels)[number];

/** The forms of Appmax's errors; `default` is the usual one of each generation. */
export const errorForms = [
  'default',
  'message',
  'error_message',
  'errors_message',
  'errors_fields',
  'success_false',
  'empty_data',
] as const;
export type ErrorForm = (typeof errorForms)[number];

/** The responses to a declined card; the numbers are HTTP statuses. */
export const declineForms = [
  '401',
  '402',
  '403',
  '422',
  'error',
  'success_false',
  'empty_reference',
] as const;

/** The responses to `POST /v1/payments/installments`. */
export const installmentsForms = ['totals_cents', 'totals_reais', 'parcels_cents'] as const;
export type InstallmentsForm = (typeof installmentsForms)[number];

/** The codes that Appmax's browser script reports to `onError`. */
export const scriptErrors = [
  'FINGERPRINT_FAILED',
  'IP_FETCH_FAILED',
  'FORM_SETUP_FAILED',
  'MISSING_EXTERNAL_ID',
  'TOKENIZATION_FAILED',
  'GOOGLE_PAY_FAILED',
] as const;

const seconds = z.number().min(0);
const secondsOrNever = seconds.nullable();

/** The settings, which can be changed while the simulator runs; docs/simulator.md explains each key. */
export const settingsSchema = z.strictObject({
  service_url: z.url({ protocol: /^https?$/ }),
  api: z.enum(generations),
  public_url: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  webhook_url: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),

  webhooks: z.boolean().default(true),
  content_model: z.enum(contentModels).default('old_legacy'),
  app_store_envelope: z.boolean().default(true),
  webhook_ids: z.enum(['number', 'text']).default('number'),
  webhook_timeout_seconds: seconds.default(5),
  customer_webhooks: z.boolean().default(false),
  order_paid_on_authorization: z.boolean().default(true),

  health_check: z.enum(['beside', 'before', 'after', 'off']).default('beside'),
  health_check_body: z.enum(['full', 'keys', 'app_id']).default('full'),
  installation_expires_after_seconds: seconds.default(3600),
  token_expires_in: z.number().int().default(3600),

  rate_limits: z.boolean().default(true),
  route_rate_limits: z.boolean().default(false),
  retry_after_form: z.enum(['seconds', 'http_date']).default('seconds'),
  monthly_quota: z.number().int().positive().nullable().default(100_000),

  script_fires_twice: z.boolean().default(false),
  script_error: z.enum(scriptErrors).nullable().default(null),
  unknown_external_ids: z.enum(['refuse', 'accept']).default('refuse'),

  upsell_keeps_order: z.boolean().default(false),
  error_form: z.enum(errorForms).default('default'),
  decline_form: z.enum(declineForms).nullable().default(null),
  decline_text: z.string().min(1).nullable().default(null),
  card_answer_status: z.boolean().default(true),
  card_status_override: z.string().min(1).nullable().default(null),
  order_read_lag_seconds: seconds.default(0),
  pix_form: z.enum(['order', 'payment']).default('order'),
  qr_code_prefix: z.boolean().default(false),
  pix_when_pending: z.enum(['no_qr', 'new']).default('no_qr'),
  installments_form: z.enum(installmentsForms).nullable().default(null),
  installment_fee_percent: z.number().min(0).max(100).default(2),
  card_processing_milliseconds: z.number().int().min(0).default(0),
  utc_offset_hours: z.number().min(-12).max(14).default(-3),

  automatic: z.boolean().default(true),
  pix_expires_after_seconds: seconds.default(1800),
  boleto_due_days: z.number().int().min(0).max(3000).default(3),
  anti_fraud_after_seconds: secondsOrNever.default(null),
  anti_fraud_decision: z.enum(['approve', 'refuse']).default('approve'),
  settle_after_seconds: secondsOrNever.default(0),
  integrate_after_seconds: secondsOrNever.default(null),
  refund_after_seconds: secondsOrNever.default(null),
  refund_deny_after_seconds: secondsOrNever.default(null),
  refund_review: z.boolean().default(false),
  chargeback_after_seconds: secondsOrNever.default(null),
  chargeback_decision_after_seconds: secondsOrNever.default(null),
  chargeback_decision: z.enum(['win', 'lose']).default('win'),
});
export type Settings = z.infer<typeof settingsSchema>;

/** A change of settings: any of the keys and no unknown one. Defaults don't apply. */
export const settingsChangeSchema = z
  .strictObject(
    Object.fromEntries(
      Object.entries(settingsSchema.shape).map(([key, schema]) => [
        key,
        (schema instanceof z.ZodDefault ? schema.unwrap() : schema) as z.ZodType,
      ]),
    ),
  )
  .partial() as unknown as z.ZodType<Partial<Settings>>;

/** Returns the settings at start: the given ones, and defaults for the rest. */
export function initialSettings(given: {
  readonly service_url: string;
  readonly api: Generation;
  readonly webhook_url?: string | undefined;
  readonly unknown_external_ids?: 'refuse' | 'accept' | undefined;
}): Settings {
  return settingsSchema.parse(given);
}
