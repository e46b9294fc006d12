import { type WebhookDelivery } from '../../webhooks/webhook-delivery';
import { type Html, html } from '../html/html';
import { badge, button, type Extent, facts, table, time } from '../html/parts';

function answerOf(delivery: WebhookDelivery): Html {
  const attempt = delivery.attempts.at(-1);
  if (attempt === undefined) return html`–`;
  return attempt.status === null
    ? html`<span class="bad-text">${attempt.error}</span>`
    : html`${attempt.status} in ${attempt.duration_ms} ms`;
}

function orderOf({ order_id }: WebhookDelivery): Html {
  return order_id === null ? html`–` : html`<a href="/orders/${order_id}">${order_id}</a>`;
}

/** A table of webhooks with the last response to each and a button to send it again. */
export function webhookTable(webhooks: readonly WebhookDelivery[], extent: Extent = 'of all orders'): Html {
  const ofAll = extent === 'of all orders';
  return table(
    [
      { heading: 'Webhook' },
      { heading: 'Event' },
      ...(ofAll ? [{ heading: 'Order' }] : []),
      { heading: 'State' },
      { heading: 'Attempts', numeric: true },
      { heading: 'Response' },
      { heading: 'Created' },
      { heading: '' },
    ],
    webhooks.map((delivery) => [
      html`<a href="/webhooks/${delivery.id}">${delivery.id}</a>`,
      html`${delivery.event}
      ${delivery.origin === 'event' ? html`` : html`<span class="tag">${delivery.origin}</span>`}`,
      ...(ofAll ? [orderOf(delivery)] : []),
      badge(delivery.state),
      html`${delivery.attempts.length}`,
      answerOf(delivery),
      time(delivery.created_at),
      button(`/webhooks/${delivery.id}/resend`, 'Resend'),
    ]),
    'No webhook yet.',
  );
}

/** The page of the webhook log. */
export function webhooksPage(webhooks: readonly WebhookDelivery[], live: boolean): Html {
  return html`<p class="muted">
      Newest first ·
      ${live ? html`<a href="/webhooks">stop refreshing</a>` : html`<a href="/webhooks?live=1">auto-refresh</a>`}
    </p>
    ${webhookTable(webhooks)}`;
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The page of one webhook: its body and every response. */
export function webhookPage(delivery: WebhookDelivery): Html {
  return html`<div class="status">
      ${badge(delivery.state)} ${button(`/webhooks/${delivery.id}/resend`, 'Resend', 'primary')}
    </div>
    ${facts([
      ['Order', orderOf(delivery)],
      ['Merchant', delivery.external_key ?? '–'],
      ['Sent to', delivery.url],
      ['Next attempt', time(delivery.next_attempt_at)],
    ])}
    <h2>Attempts</h2>
    ${table(
      [
        { heading: 'Time' },
        { heading: 'Response' },
        { heading: 'Duration', numeric: true },
        { heading: 'Body' },
      ],
      delivery.attempts.map((attempt) => [
        time(attempt.at),
        attempt.status === null
          ? html`<span class="bad-text">${attempt.error}</span>`
          : html`${attempt.status}`,
        html`${attempt.duration_ms} ms`,
        html`<span class="code">${attempt.answer.slice(0, 300)}</span>`,
      ]),
      'Not sent yet.',
    )}
    <h2>Body</h2>
    <pre>${prettyJson(delivery.body)}</pre>`;
}
