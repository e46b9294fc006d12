import { type Html, html } from './html';

/** A column of a table. */
export interface Column {
  readonly heading: string;
  readonly numeric?: boolean;
}

/** The extent of a table: all orders or one. */
export type Extent = 'of all orders' | 'of one order';

/** A table; on a narrow screen its rows are cards. */
export function table(columns: readonly Column[], rows: readonly (readonly Html[])[], empty: string): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const headings = columns.map(
    ({ heading, numeric }) =>
      html`<th scope="col" class="${numeric === true ? 'number' : ''}">${heading}</th>`,
  );
  const body = rows.map(
    (cells) =>
      html`<tr>
        ${cells.map((cell, index) => {
          const column = columns[index];
          const numeric = column?.numeric === true ? 'number' : '';
          return html`<td data-label="${column?.heading ?? ''}" class="${numeric}">${cell}</td>`;
        })}
      </tr>`,
  );
  return html`<table>
    <thead>
      <tr>
        ${headings}
      </tr>
    </thead>
    <tbody>
      ${body}
    </tbody>
  </table>`;
}

const tones: Readonly<Record<string, string>> = {
  aprovado: 'good',
  integrado: 'good',
  pendente_integracao: 'good',
  chargeback_vencido: 'good',
  delivered: 'good',
  paid: 'good',
  charge: 'good',
  chargeback_reversal: 'good',
  pendente: 'wait',
  autorizado: 'wait',
  authorized: 'wait',
  open: 'wait',
  waiting: 'wait',
  held: 'wait',
  sending: 'wait',
  retrying: 'wait',
  pendente_integracao_em_analise: 'wait',
  chargeback_em_tratativa: 'wait',
  chargeback_em_disputa: 'wait',
  overdue: 'wait',
};

/** A state as a colored label. */
export function badge(state: string): Html {
  return html`<span class="badge ${tones[state] ?? 'bad'}">${state}</span>`;
}

/** An instant, given as ISO text or milliseconds, as readable text in UTC. */
export function time(instant: string | number | null): Html {
  if (instant === null) return html`–`;
  const iso = typeof instant === 'number' ? new Date(instant).toISOString() : instant;
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`;
}

/** A button that sends a `POST`. */
export function button(path: string, label: string, tone: 'primary' | 'plain' = 'plain'): Html {
  return html`<form method="post" action="${path}" class="inline">
    <button class="${tone}" type="submit">${label}</button>
  </form>`;
}

/** A list of names and values. */
export function facts(entries: readonly (readonly [string, Html | string | number])[]): Html {
  return html`<dl class="facts">
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** An option of a choice: a text, or a value with its label. */
export type Option = string | readonly [value: string, label: string];

function optionOf(option: Option, selected: string | undefined): Html {
  if (typeof option !== 'string') return html`<option value="${option[0]}">${option[1]}</option>`;
  return option === selected ? html`<option selected>${option}</option>` : html`<option>${option}</option>`;
}

/** A labeled list of options. */
export function choice(
  name: string,
  label: string | Html,
  options: readonly Option[],
  selected?: string,
): Html {
  const items = options.map((option) => optionOf(option, selected));
  return html`<label
    >${label}
    <select name="${name}">
      ${items}
    </select></label
  >`;
}

/** A labeled input field. */
export function field(name: string, label: string | Html, value = '', type = 'text'): Html {
  return html`<label>${label} <input name="${name}" type="${type}" value="${value}" step="any" /></label>`;
}
