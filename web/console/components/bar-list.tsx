import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { useCommonTexts } from '../context';
import type { Bar } from './chart';

/** A value of a chart with the address of what it stands for. */
export interface NamedBar extends Bar {
  readonly href?: string | undefined;
}

/**
 * A chart of few horizontal bars, each with its name and value as text, for values that have names instead of an order.
 *
 * @param write writes a value, such as an amount
 * @param table the table that everyone can open, with all values
 */
export function BarList({
  title,
  bars,
  write,
  table,
}: {
  readonly title: string;
  readonly bars: readonly NamedBar[];
  readonly write: (value: number) => string;
  readonly table: ComponentChildren;
}): JSX.Element {
  const t = useCommonTexts();
  const id = useId();
  const highest = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <figure class="chart" aria-labelledby={id}>
      <figcaption id={id}>{title}</figcaption>
      <ul class="bars">
        {bars.map(({ label, value, href }) => (
          <li key={label}>
            <span class="wrap">{href === undefined ? label : <a href={href}>{label}</a>}</span>
            <span class="number">{write(value)}</span>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect x="0" y="0" width={(value / highest) * 100} height="10" />
            </svg>
          </li>
        ))}
      </ul>
      <details>
        <summary>{t('asTable')}</summary>
        {table}
      </details>
    </figure>
  );
}
