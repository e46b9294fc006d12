import { describeFault, type Fault, type FaultKind } from '../faults/fault';
import { type MischiefRequest, type MischiefRule } from '../webhooks/mischief';
import { type Html, html } from './html';
import { button, choice, field, type Option, table } from './parts';

const kinds: Readonly<Record<FaultKind, string>> = {
  status: 'an error’s status',
  html: 'the edge’s HTML page',
  hang: 'no answer, then the connection closes',
  reset: 'the connection is reset',
  truncate: 'half an answer',
  drip: 'an answer that takes its time',
  empty_data: '{"data": []}',
  success_false: '200 with success: false',
  token_revoked: '401, and the token is worth nothing',
  expires_in: 'a token that lives otherwise than is said',
  empty_body: 'an answer without a body',
  late: 'a bad answer at once, the effect later',
};

const actions: Readonly<Record<MischiefRequest['action'], string>> = {
  duplicate: 'sent more than once',
  delay: 'sent later',
  drop: 'never sent',
  hold: 'kept until let go',
  reorder: 'gathered, then sent newest first',
};

function named(words: Readonly<Record<string, string>>): Option[] {
  return Object.entries(words).map(([value, meaning]) => [value, `${value}: ${meaning}`]);
}

const routes: readonly Option[] = [
  ['', 'any call that it makes sense for'],
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
  return times === null ? 'for ever' : `${Math.max(0, times - hits)} more`;
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
    'Everything works.',
  );
}

function ruleTable(rules: readonly MischiefRule[]): Html {
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
    'Webhooks go out as they should.',
  );
}

/** What the page of faults shows. */
export interface FaultsShown {
  readonly faults: readonly Fault[];
  readonly rules: readonly MischiefRule[];
  /** How many late effects have not happened yet. */
  readonly pendingEffects: number;
}

/** The switches for everything that can go wrong. */
export function faultsPage({ faults, rules, pendingEffects }: FaultsShown): Html {
  return html`<section>
      <h2>Calls that go wrong</h2>
      ${faultTable(faults)}
      <form method="post" action="/faults" class="card grid">
        ${choice('kind', 'What', named(kinds))} ${choice('route', 'Where', routes)}
        ${choice('when', 'When', [
          ['before', 'before the call has an effect'],
          ['after', 'after it has had its effect'],
        ])}
        ${field('times', 'How many calls (empty: for ever)', '1', 'number')}
        ${field('probability', 'Probability, 0 to 1', '1', 'number')}
        ${field('status', 'Status (status: 503, html: 502, empty_body: 200)', '', 'number')}
        ${field('seconds', 'Seconds (hang, drip, late)', '30', 'number')}
        ${field('answer', 'Answer at once (late): a status, hang or reset', '502')}
        ${field('expires_in', 'Seconds told (expires_in)', '0', 'number')}
        <button class="primary" type="submit">Add fault</button>
      </form>
      <div class="buttons">
        ${faults.length === 0 ? html`` : button('/faults/clear', 'Remove all faults')}
        ${pendingEffects === 0 ? html`` : button('/late-effects', `Late effects: run ${pendingEffects} now`)}
      </div>
    </section>
    <section>
      <h2>Webhooks that go wrong</h2>
      ${ruleTable(rules)}
      <form method="post" action="/webhook-rules" class="card grid">
        ${choice('action', 'What', named(actions))} ${field('event', 'Event, as order_paid (empty: any)')}
        ${field('times', 'How many (empty: for ever)', '', 'number')}
        ${field('seconds', 'Seconds of the clock (delay)', '60', 'number')}
        ${field('copies', 'Extra copies (duplicate)', '1', 'number')}
        ${field('size', 'Gathered (reorder)', '2', 'number')}
        <button class="primary" type="submit">Add rule</button>
      </form>
      <div class="buttons">
        ${rules.length === 0 ? html`` : button('/webhook-rules/clear', 'Remove all rules')}
        ${button('/webhook-rules/release', 'Let held webhooks go')}
      </div>
    </section>`;
}
