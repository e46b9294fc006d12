import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { useCommonTexts } from '../context';

/** A value of a chart. */
export interface Bar {
  readonly label: string;
  readonly value: number;
}

const WIDTH = 600;
const HEIGHT = 160;
const GAP = 0.25;

/**
 * A chart of bars. Screen readers get its values as a table, which everyone can open.
 *
 * @param write writes a value, such as an amount
 */
export function Chart({
  title,
  bars,
  write,
  names,
}: {
  readonly title: string;
  readonly bars: readonly Bar[];
  readonly write: (value: number) => string;
  /** The names of the columns of the table. */
  readonly names: readonly [label: string, value: string];
}): JSX.Element {
  const t = useCommonTexts();
  const id = useId();
  const highest = Math.max(1, ...bars.map(({ value }) => value));
  const step = WIDTH / Math.max(1, bars.length);
  const [first, last] = [bars[0], bars.at(-1)];
  return (
    <figure class="chart" aria-labelledby={id}>
      <figcaption id={id}>
        {title} <span class="hint">{t('highest', { value: write(highest) })}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" y1={HEIGHT - 0.5} x2={WIDTH} y2={HEIGHT - 0.5} />
        {bars.map(({ label, value }, index) => {
          const height = (value / highest) * (HEIGHT - 8);
          return (
            <rect
              key={label}
              x={index * step + (step * GAP) / 2}
              y={HEIGHT - height}
              width={step * (1 - GAP)}
              height={height}
            >
              <title>{`${label}: ${write(value)}`}</title>
            </rect>
          );
        })}
      </svg>
      <p class="chart-ends hint" aria-hidden="true">
        <span>{first?.label}</span>
        <span>{last?.label}</span>
      </p>
      <details>
        <summary>{t('asTable')}</summary>
        <Table names={names} rows={bars.map(({ label, value }) => [label, write(value)])} />
      </details>
    </figure>
  );
}

/** A table of few rows. The first column is its heading, the others are numbers. */
export function Table({
  names,
  rows,
  hrefs = [],
}: {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The addresses of the rows' headings. */
  readonly hrefs?: readonly string[];
}): JSX.Element {
  return (
    <div class="table-frame" role="region" aria-label={names.join(', ')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([head = '', ...values], index) => (
            <tr key={`${head}-${String(index)}`}>
              <th scope="row">{hrefs[index] === undefined ? head : <a href={hrefs[index]}>{head}</a>}</th>
              {values.map((value, column) => (
                <td key={column}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
