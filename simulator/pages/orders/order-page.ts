import { readableLine } from '../../boleto/digitable-line';
import { readableCents } from '../../common/money';
import { type LedgerEntry } from '../../ledger/ledger';
import { capturedAmount, type Order, type Payment, refundedAmount } from '../../orders/order';
import { qrPng } from '../../pix/qr-png';
import { type WebhookDelivery } from '../../webhooks/webhook-delivery';
import { type Html, html } from '../html/html';
import { badge, facts, table, time } from '../html/parts';
import { webhookTable } from '../settings/webhooks-page';
import { actionButtons, statusForm } from './action-buttons';
import { ledgerTable } from './ledger-page';

/** An order with its ledger and webhooks. */
export interface OrderDetails {
  readonly order: Order;
  readonly ledger: readonly LedgerEntry[];
  readonly webhooks: readonly WebhookDelivery[];
}

function pixCode(emv: string): Html {
  const picture = `data:image/png;base64,${qrPng(emv).toString('base64')}`;
  return html`<div class="pix">
    <img src="${picture}" width="200" height="200" alt="QR code of the Pix" />
    <textarea readonly rows="7" aria-label="Pix copia e cola">${emv}</textarea>
  </div>`;
}

function paymentDetails(payment: Payment): Html {
  switch (payment.method) {
    case 'credit_card':
      return html`<p>${payment.brand} ${payment.maskedNumber}, ${payment.installments}×</p>`;
    case 'pix':
      return html`<p>expires ${time(payment.expiresAt)}</p>
        ${payment.state === 'open' ? pixCode(payment.emv) : html``}`;
    case 'boleto':
      return html`<p>due ${payment.dueDate} · <a href="/boletos/${payment.id}.pdf">PDF</a></p>
        <p class="code">${readableLine(payment.digitableLine)}</p>`;
  }
}

function paymentCard(payment: Payment): Html {
  return html`<article class="card">
    <h3>${payment.method} ${badge(payment.state)}</h3>
    <p>${readableCents(payment.amount)} · <span class="code">${payment.reference}</span></p>
    ${paymentDetails(payment)}
  </article>`;
}

function history(order: Order): Html {
  return html`<ol class="history">
    ${order.history.map(
      ({ at, status, cause }) => html`<li>${time(at)} ${badge(status)} <span>${cause}</span></li>`,
    )}
  </ol>`;
}

function known(name: string, value: string | null): [string, string][] {
  return value === null ? [] : [[name, value]];
}

function productTable(order: Order): Html {
  return table(
    [
      { heading: 'SKU' },
      { heading: 'Product' },
      { heading: 'Quantity', numeric: true },
      { heading: 'Unit', numeric: true },
    ],
    order.products.map(({ sku, name, quantity, unit_value }) => [
      html`${sku}`,
      html`${name}`,
      html`${quantity}`,
      html`${unit_value === undefined ? '–' : readableCents(unit_value)}`,
    ]),
    'No products.',
  );
}

/** The page of one order: its state, possible actions, payments, history, webhooks and money. */
export function orderPage({ order, ledger, webhooks }: OrderDetails): Html {
  const { first_name, last_name, email } = order.customer.details;
  return html`<p class="status">${badge(order.status)} <strong>${readableCents(order.total)}</strong></p>
    <section class="card next">
      <h2>What can happen next</h2>
      ${actionButtons(order)} ${statusForm(order)}
    </section>
    <div class="columns">
      <section>
        <h2>Payments</h2>
        ${order.payments.map(paymentCard)}
        ${order.payments.length === 0 ? html`<p class="empty">None yet.</p>` : html``}
      </section>
      <section>
        <h2>History</h2>
        ${history(order)}
      </section>
    </div>
    <section>
      <h2>Order</h2>
      ${facts([
        ['Store', html`${order.merchant.storeName} <span class="code">${order.merchant.externalKey}</span>`],
        ['Customer', `${first_name} ${last_name}, ${email}`],
        ['Products', readableCents(order.productsValue)],
        ['Shipping', readableCents(order.shippingValue)],
        ['Discount', readableCents(order.discountValue)],
        ['Captured', readableCents(capturedAmount(order))],
        ['Refunded', readableCents(refundedAmount(order))],
        ['Refundable since', time(order.settledAt)],
        ...known('Tracking code', order.trackingCode),
        ...known('Upsell hash', order.upsellHash),
      ])}
      ${productTable(order)}
    </section>
    <section>
      <h2>Money</h2>
      ${ledgerTable(ledger, 'of one order')}
    </section>
    <section>
      <h2>Webhooks</h2>
      ${webhookTable(webhooks, 'of one order')}
    </section>`;
}
