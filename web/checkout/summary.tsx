import type { JSX } from 'preact';
import { money } from '../shared/format';
import { useTexts } from '../shared/ui';
import type { View } from './api';

/** Shows the items and the amounts. `total` includes the interest of the chosen plan. */
export function Summary({ view, total }: { view: View; total: number }): JSX.Element {
  const { t, language } = useTexts();
  const amount = (cents: number): string => money(cents, language);
  const interest = total - view.total_value;
  const rows: [string, string][] = [[t('subtotal'), amount(view.products_value)]];
  if (view.shipping_value > 0) rows.push([t('shipping'), amount(view.shipping_value)]);
  if (view.discount_value > 0) rows.push([t('discount'), `−${amount(view.discount_value)}`]);
  if (interest > 0) rows.push([t('interest'), amount(interest)]);
  return (
    <section class="card summary" aria-labelledby="summary-title">
      <h2 id="summary-title">{t('summary')}</h2>
      <ul class="items">
        {view.items.map((item, index) => (
          <li key={index}>
            {item.image_url === undefined ? null : (
              <img src={item.image_url} alt="" width="48" height="48" loading="lazy" />
            )}
            <span class="item-name">
              {item.name}
              <small>{t('quantity', { count: item.quantity, price: amount(item.unit_value) })}</small>
            </span>
            <span class="amount">{amount(item.quantity * item.unit_value)}</span>
          </li>
        ))}
      </ul>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div class="total">
          <dt>{t('total')}</dt>
          <dd data-testid="total">{amount(total)}</dd>
        </div>
      </dl>
    </section>
  );
}
