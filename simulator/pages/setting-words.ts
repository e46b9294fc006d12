import { type Settings } from '../settings/settings';

/** What each setting means, in the groups in which the page shows them. docs/simulator.md tells more. */
export const settingGroups: readonly (readonly [string, Partial<Record<keyof Settings, string>>])[] = [
  [
    'The service and its answers',
    {
      service_url: 'where callbacks and webhooks go',
      public_url: 'where a browser reaches this; empty: where it listens',
      api: 'the generation of answers',
      error_form: 'how errors are written',
      decline_form: 'how a declined card is answered; empty: as the generation does',
      decline_text: 'what a declined card is told; empty: the usual text',
      card_answer_status: 'G1: whether the answer to a card says its status',
      card_status_override: 'the status of an order whose card is accepted; empty: the usual one',
      order_read_lag_seconds: 'how old the state is that GET order shows',
      upsell_keeps_order: 'whether an upsell is charged on its first order',
      pix_form: 'G2: where the code stands in the answer',
      qr_code_prefix: 'whether pictures begin with data:image/png;base64,',
      pix_when_pending: 'a Pix beside a pending payment: no code, or a new one',
      installment_fee_percent: 'what each installment after the first adds',
      card_processing_milliseconds: 'between looking whether an order is paid and charging it',
      utc_offset_hours: 'the zone of times without a zone; -3: São Paulo',
    },
  ],
  [
    'Webhooks',
    {
      webhooks: 'whether any are sent',
      content_model: 'how they are written',
      app_store_envelope: 'whether they name merchant and app',
      webhook_ids: 'ids as numbers or as text',
      webhook_timeout_seconds: 'how long an answer is waited for',
      customer_webhooks: 'whether new customers are told of',
      order_paid_on_authorization: 'order_paid for a card that is only authorised, too',
    },
  ],
  [
    'Installation',
    {
      health_check: 'G1: before, beside or after the redirect; off: in both',
      health_check_body: 'G2: what it carries',
      installation_expires_after_seconds: 'how long a hash lives',
      token_expires_in: 'how long a token lives, in seconds',
    },
  ],
  [
    'Limits',
    {
      rate_limits: 'per merchant: 50 at once, then 5 a second',
      route_rate_limits: '60 a minute per route and source',
      monthly_quota: 'calls per merchant; empty: no end',
    },
  ],
  [
    'What happens by the clock alone',
    {
      automatic: 'whether anything does',
      pix_expires_after_seconds: 'how long a Pix can be paid',
      boleto_due_days: 'days until a boleto is due',
      anti_fraud_after_seconds: 'empty: waits for a button',
      anti_fraud_decision: 'what it decides',
      settle_after_seconds: 'when a paid order becomes refundable',
      integrate_after_seconds: 'empty: waits for a button',
      refund_after_seconds: 'when a requested refund is completed; empty: by a button',
      refund_deny_after_seconds: 'when a requested refund is denied; empty: by a button',
      refund_review: 'whether a requested refund is reviewed first',
      chargeback_after_seconds: 'empty: waits for a button',
      chargeback_decision_after_seconds: 'empty: waits for a button',
      chargeback_decision: 'whether the merchant wins or loses',
    },
  ],
];
