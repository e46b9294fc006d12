import { type Settings } from '../../settings/settings';

/** The description of each setting, by group of the settings page. docs/simulator.md has the details. */
export const settingGroups: readonly (readonly [string, Partial<Record<keyof Settings, string>>])[] = [
  [
    'The service and the responses to it',
    {
      service_url: 'URL that callbacks and webhooks are sent to',
      webhook_url: 'URL that webhooks are sent to, perhaps with a token; empty: that of the service',
      public_url: 'URL of the simulator for browsers; empty: the address it listens on',
      api: 'generation of the responses',
      error_form: 'form of errors',
      decline_form: 'response to a declined card; empty: as in the generation',
      decline_text: 'message for a declined card; empty: the usual text',
      card_answer_status: 'G1: true: the response to a card payment has a status',
      card_status_override: 'status of an order whose card is accepted; empty: the usual one',
      order_read_lag_seconds: 'age of the state that GET order returns',
      upsell_keeps_order: 'true: an upsell is charged on its first order; false: on a new one',
      pix_form: 'G2: object of the response that has the code',
      qr_code_prefix: 'true: QR codes begin with data:image/png;base64,',
      pix_when_pending: 'a Pix while a payment is pending: no code, or a new one',
      installments_form: 'amounts of the plans; empty: as in the generation',
      installment_fee_percent: 'interest in the plans: percentage for each installment after the first',
      card_processing_milliseconds: 'time between the check that an order is unpaid and the charge',
      utc_offset_hours: 'zone of times without a zone; -3: São Paulo',
    },
  ],
  [
    'Webhooks',
    {
      webhooks: 'true: webhooks are sent',
      content_model: 'format of the webhooks',
      app_store_envelope: 'true: webhooks name the merchant and the app',
      webhook_ids: 'ids as numbers or as text',
      webhook_timeout_seconds: 'timeout of a response',
      customer_webhooks: 'true: a webhook is sent for each new customer',
      order_paid_on_authorization: 'true: order_paid is also sent for a card that is only authorized',
    },
  ],
  [
    'Installation',
    {
      health_check: 'G1: before, beside or after the redirect; off: none in G1 and G2',
      health_check_body: 'G2: fields of the health check',
      installation_expires_after_seconds: 'lifetime of a hash',
      token_expires_in: 'lifetime of a token in seconds',
    },
  ],
  [
    'Browser script',
    {
      script_fires_twice: 'true: one click tokenizes a card twice',
      script_error: 'error that the script reports; empty: none',
      unknown_external_ids: 'tokenize calls with an external_id that is not known: refuse or accept',
    },
  ],
  [
    'Limits',
    {
      rate_limits: 'true: per merchant 50 calls at once, then 5 per second',
      route_rate_limits: 'true: 60 calls per minute for each route and source',
      retry_after_form: 'Retry-After of a 429: seconds, or an HTTP date',
      monthly_quota: 'calls per merchant; empty: no limit',
    },
  ],
  [
    'Automatic events',
    {
      automatic: 'true: the events of this group happen by the clock',
      pix_expires_after_seconds: 'time until a Pix expires',
      boleto_due_days: 'days until a boleto is due',
      anti_fraud_after_seconds: 'time until the decision; empty: by a button',
      anti_fraud_decision: 'decision of anti-fraud',
      settle_after_seconds: 'time until a paid order is refundable; empty: by a button',
      integrate_after_seconds: 'time until a paid order is integrated; empty: by a button',
      refund_after_seconds: 'time until a requested refund is completed; empty: by a button',
      refund_deny_after_seconds: 'time until a requested refund is denied; empty: by a button',
      refund_review: 'true: a requested refund is reviewed first',
      chargeback_after_seconds: 'time until a chargeback is opened; empty: by a button',
      chargeback_decision_after_seconds: 'time until it is decided; empty: by a button',
      chargeback_decision: 'decision for the merchant: win or lose',
    },
  ],
];
