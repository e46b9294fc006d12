import { readableCents } from '../../common/money';
import { type Order } from '../../orders/order';
import { type Html, html } from '../html/html';
import { badge, table, time } from '../html/parts';

/** The data of the orders page. */
export interface OrdersList {
  readonly orders: readonly Order[];
  readonly total: number;
  readonly live: boolean;
}

/** The page of the newest orders. */
export function ordersPage({ orders, total, live }: OrdersList): Html {
  const rows = orders.map((order) => [
    html`<a href="/orders/${order.id}">${order.id}</a>`,
    badge(order.status),
    html`${order.payments.at(-1)?.method ?? '–'}`,
    html`${readableCents(order.total)}`,
    html`${order.merchant.storeName}`,
    html`${order.customer.details.first_name} ${order.customer.details.last_name}`,
    time(order.updatedAt),
  ]);
  return html`<p class="muted">
      ${orders.length} of ${total}, newest first ·
      ${live ? html`<a href="/">stop refreshing</a>` : html`<a href="/?live=1">auto-refresh</a>`}
    </p>
    ${table(
      [
        { heading: 'Order' },
        { heading: 'Status' },
        { heading: 'Method' },
        { heading: 'Total', numeric: true },
        { heading: 'Store' },
        { heading: 'Customer' },
        { heading: 'Changed' },
      ],
      rows,
      'No order yet. Orders that are created over the API appear here.',
    )}`;
}
