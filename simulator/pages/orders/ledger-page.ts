import { readableCents } from '../../common/money';
import { type LedgerEntry } from '../../ledger/ledger';
import { type Html, html } from '../html/html';
import { badge, type Extent, table, time } from '../html/parts';

function isIncome({ kind }: LedgerEntry): boolean {
  return kind === 'charge' || kind === 'chargeback_reversal';
}

/** A table of money movements, sorted as given. For one order it has no order column. */
export function ledgerTable(entries: readonly LedgerEntry[], extent: Extent = 'of all orders'): Html {
  const ofAll = extent === 'of all orders';
  return table(
    [
      { heading: 'Time' },
      ...(ofAll ? [{ heading: 'Order' }] : []),
      { heading: 'Movement' },
      { heading: 'Method' },
      { heading: 'Amount', numeric: true },
      { heading: 'Reference' },
    ],
    entries.map((entry) => [
      time(entry.at),
      ...(ofAll ? [html`<a href="/orders/${entry.order_id}">${entry.order_id}</a>`] : []),
      badge(entry.kind),
      html`${entry.method}`,
      html`${readableCents(isIncome(entry) ? entry.cents : -entry.cents)}`,
      html`<span class="code">${entry.reference}</span>`,
    ]),
    'No money has moved.',
  );
}

/** The page of the ledger, newest first, with the orders that were charged more than once. */
export function ledgerPage(entries: readonly LedgerEntry[], shown: number): Html {
  const balance = entries.reduce((sum, entry) => sum + (isIncome(entry) ? entry.cents : -entry.cents), 0);
  const charges = new Map<number, number>();
  for (const { kind, order_id } of entries) {
    if (kind === 'charge') charges.set(order_id, (charges.get(order_id) ?? 0) + 1);
  }
  const chargedTwice = [...charges].filter(([, count]) => count > 1);
  const warning =
    chargedTwice.length === 0
      ? html``
      : html`<p class="notice bad">
          Charged more than once:
          ${chargedTwice.slice(0, 20).map(([id, count]) => html`<a href="/orders/${id}">${id}</a> (${count}×) `)}
        </p>`;
  return html`${warning}
    <p class="muted">${entries.length} movements, balance ${readableCents(balance)}</p>
    ${ledgerTable(entries.slice(-shown).reverse())}`;
}
