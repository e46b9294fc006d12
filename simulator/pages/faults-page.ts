import { describeFault, type Fault, faultKinds } from '../faults/fault';
import { type MischiefRule } from '../webhooks/mischief';
import { type Html, html } from './html';
import { button, choice, field, table } from './parts';

const routes = [
  '*',
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

/** The switches for everything that can go wrong. */
export function faultsPage(faults: readonly Fault[], rules: readonly MischiefRule[]): Html {
  return html`<section>
      <h2>Calls that go wrong</h2>
      ${faultTable(faults)}
      <form method="post" action="/faults" class="card grid">
        ${choice('kind', 'What', faultKinds)} ${choice('route', 'Where', routes)}
        ${choice('when', 'Effect', ['before', 'after'])} ${field('status', 'Status', '', 'number')}
        ${field('times', 'Times (empty: for ever)', '1', 'number')}
        ${field('probability', 'Probability', '1', 'number')}
        ${field('seconds', 'Seconds (hang, drip)', '30', 'number')}
        ${field('expires_in', 'expires_in', '0', 'number')}
        <button class="primary" type="submit">Add fault</button>
      </form>
      ${faults.length === 0 ? html`` : button('/faults/clear', 'Remove all faults')}
    </section>
    <section>
      <h2>Webhooks that go wrong</h2>
      ${ruleTable(rules)}
      <form method="post" action="/webhook-rules" class="card grid">
        ${choice('action', 'What', ['duplicate', 'delay', 'drop', 'hold', 'reorder'])}
        ${field('event', 'Event (empty: any)')} ${field('times', 'Times (empty: for ever)', '', 'number')}
        ${field('seconds', 'Seconds (delay)', '60', 'number')}
        ${field('copies', 'Copies (duplicate)', '1', 'number')}
        ${field('size', 'How many (reorder)', '2', 'number')}
        <button class="primary" type="submit">Add rule</button>
      </form>
      <div class="buttons">
        ${rules.length === 0 ? html`` : button('/webhook-rules/clear', 'Remove all rules')}
        ${button('/webhook-rules/release', 'Let held webhooks go')}
      </div>
    </section>`;
}
