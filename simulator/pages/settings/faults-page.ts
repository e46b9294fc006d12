import { describeFault, type Fault, type FaultKind } from '../../faults/fault';
import { type WebhookRule, type WebhookRuleRequest } from '../../webhooks/webhook-rules';
import { type Html, html } from '../html/html';
import { button, choice, field, type Option, table } from '../html/parts';

const kinds: Readonly<Record<FaultKind, string>> = {
  status: 'an error status',
  html: 'the CDN’s HTML error page',
  hang: 'no response, then the connection closes',
  reset: 'the connection is reset',
  truncate: 'half a response',
  drip: 'a slow response',
  empty_data: '{"data": []}',
  success_false: '200 with success: false',
  token_revoked: '401, and the token is revoked',
  expires_in: 'a wrong lifetime in the token response',
  empty_body: 'a response without a body',
  late: 'a bad response at once, the effect later',
};

const actions: Readonly<Record<WebhookRuleRequest['action'], string>> = {
  duplicate: 'sent more than once',
  delay: 'sent later',
  drop: 'never sent',
  hold: 'held until released',
  reorder: 'gathered, then sent newest first',
};

function named(words: Readonly<Record<string, string>>): Option[] {
  return Object.entries(words).map(([value, meaning]) => [value, `${value}: ${meaning}`]);
}

const routes: readonly Option[] = [
  ['', 'any call that it applies to'],
  'POST /oauth2/token',
  'POST /app/authorize',
  'POST /app/client/generate',
  '/v1/*',
  'POST /v1/customers',
  'POST /v1/orders',
  'GET /v1/orders/:id',
  'POST /v1/payments/credit-card',
  'POST /v1/payments/pix',
  'POST /v1/payments/boleto',
  'POST /v1/payments/installments',
  'POST /v1/payments/tokenize',
  'POST /v1/orders/refund-request',
  'POST /v1/orders/shipping-tracking-code',
  'POST /v1/orders/upsell',
];

function left(times: number | null, hits: number): string {
  return times === null ? 'no limit' : `${Math.max(0, times - hits)} more`;
}

function faultTable(faults: readonly Fault[]): Html {
  return table(
    [
      { heading: 'Fault' },
      { heading: 'Route' },
      { heading: 'Chance' },
      { heading: 'Left' },
      { heading: 'Done', numeric: true },
      { heading: '' },
    ],
    faults.map((fault) => [
      html`${describeFault(fault)}`,
      html`<span class="code">${fault.route}</span>`,
      html`${Math.round(fault.probability * 100)} %`,
      html`${left(fault.times, fault.hits)}`,
      html`${fault.hits}`,
      button(`/faults/${fault.id}/remove`, 'Remove'),
    ]),
    'No faults.',
  );
}

function ruleTable(rules: readonly WebhookRule[]): Html {
  return table(
    [
      { heading: 'Rule' },
      { heading: 'Event' },
      { heading: 'Left' },
      { heading: 'Done', numeric: true },
      { heading: '' },
    ],
    rules.map((rule) => [
      html`#${rule.id} ${rule.action}`,
      html`${rule.event ?? 'any'}`,
      html`${left(rule.times, rule.hits)}`,
      html`${rule.hits}`,
      button(`/webhook-rules/${rule.id}/remove`, 'Remove'),
    ]),
    'No rules.',
  );
}

/** The data of the faults page. */
export interface FaultsShown {
  readonly faults: readonly Fault[];
  readonly rules: readonly WebhookRule[];
  /** Number of late effects that have not happened yet. */
  readonly pendingEffects: number;
}

/** The page that adds and removes faults of calls and rules for webhooks. */
export function faultsPage({ faults, rules, pendingEffects }: FaultsShown): Html {
  return html`<section>
      <h2>Faults of calls</h2>
      ${faultTable(faults)}
      <form method="post" action="/faults" class="card grid">
        ${choice('kind', 'Kind', named(kinds))} ${choice('route', 'Route', routes)}
        ${choice('when', 'When', [
          ['before', 'before the call has an effect'],
          ['after', 'after it has had its effect'],
        ])}
        ${field('times', 'Number of calls (empty: no limit)', '1', 'number')}
        ${field('probability', 'Probability, 0 to 1', '1', 'number')}
        ${field('status', 'Status (status: 503, html: 502, empty_body: 200)', '', 'number')}
        ${field('seconds', 'Seconds (hang, drip, late)', '30', 'number')}
        ${field('answer', 'Immediate response (late): a status, hang or reset', '502')}
        ${field('expires_in', 'Seconds in the response (expires_in)', '0', 'number')}
        <button class="primary" type="submit">Add fault</button>
      </form>
      <div class="buttons">
        ${faults.length === 0 ? html`` : button('/faults/clear', 'Remove all faults')}
        ${pendingEffects === 0 ? html`` : button('/late-effects', `Late effects: run ${pendingEffects} now`)}
      </div>
    </section>
    <section>
      <h2>Rules for webhooks</h2>
      ${ruleTable(rules)}
      <form method="post" action="/webhook-rules" class="card grid">
        ${choice('action', 'Action', named(actions))}
        ${field('event', 'Event, such as order_paid (empty: any)')}
        ${field('times', 'Number of webhooks (empty: no limit)', '', 'number')}
        ${field('seconds', 'Seconds of the clock (delay)', '60', 'number')}
        ${field('copies', 'Extra copies (duplicate)', '1', 'number')}
        ${field('size', 'Webhooks to gather (reorder)', '2', 'number')}
        <button class="primary" type="submit">Add rule</button>
      </form>
      <div class="buttons">
        ${rules.length === 0 ? html`` : button('/webhook-rules/clear', 'Remove all rules')}
        ${button('/webhook-rules/release', 'Release held webhooks')}
      </div>
    </section>`;
}
