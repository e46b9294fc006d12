/** Characters with which spreadsheets begin a formula, also after a blank. */
const FORMULA = /^\s*[=+\-@\t\r]/;

/**
 * Formats one cell. A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers can't be
 * formulas and stay as they are.
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",;\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Formats one line, with the line end of RFC 4180. */
export function csvLine(values: readonly (string | number | null)[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}
