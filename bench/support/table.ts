import { type BenchResult } from './result';

const HEADINGS = ['what', 'service', 'floor', 'ratio', 'p50 ms', 'p99 ms'];

/** Writes results as a table for a terminal, with their notes below it. */
export function textTable(results: readonly BenchResult[]): string {
  const rows = [HEADINGS, ...results.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return [...lines, ...notesOf(results)].join('\n');
}

/** Writes results as a table in Markdown, with their notes below it. */
export function markdownTable(results: readonly BenchResult[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const notes = notesOf(results).map((note) => `- ${note}`);
  return [
    line(HEADINGS),
    line(HEADINGS.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...results.map((result) => line(cellsOf(result).map((cell) => cell.replaceAll('|', '\\|')))),
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ].join('\n');
}

function cellsOf({ name, unit, service, floor, p50, p99 }: BenchResult): string[] {
  const figure = (value: number | undefined): string =>
    value === undefined
      ? ''
      : unit.startsWith('/')
        ? `${rounded(value)}${unit}`
        : `${rounded(value)} ${unit}`;
  return [
    name,
    figure(service),
    figure(floor),
    floor === undefined ? '' : (service / floor).toFixed(2),
    p50 === undefined ? '' : rounded(p50),
    p99 === undefined ? '' : rounded(p99),
  ];
}

function notesOf(results: readonly BenchResult[]): string[] {
  return results.flatMap(({ name, note }) => (note === undefined ? [] : [`${name}: ${note}`]));
}

/** Rounds to what a repeated run can confirm: whole numbers from 100, one decimal from 10, two below. */
function rounded(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
