import type { TestDatabase } from './database';

/** A text to search for, in the forms in which it may be stored. */
export type Wanted = Readonly<Record<string, readonly string[]>>;

/** Returns the forms of a text: as it is, in base64, in hexadecimal (as bytes are shown), and with JSON's escapes. */
export function formsOf(...texts: readonly string[]): string[] {
  return texts.flatMap((text) => [
    text,
    Buffer.from(text).toString('base64').replace(/=+$/, ''),
    Buffer.from(text).toString('hex'),
    JSON.stringify(text)
      .slice(1, -1)
      .replaceAll('/', String.raw`\/`),
  ]);
}

/**
 * Searches every column of every table, of whatever type, as a dump would have them.
 *
 * @returns the places of what was found, such as `webhook_events.payload: e-mail`, sorted.
 */
export async function placesOf(database: TestDatabase, wanted: Wanted): Promise<string[]> {
  const columns = await database.query<{ table: string; column: string }>(
    `SELECT c.table_name AS table, c.column_name AS column FROM information_schema.columns c
     JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY 1, 2`,
  );
  const places: string[] = [];
  for (const { table, column } of columns) {
    const [row] = await database.query<{ all: string | null }>(
      `SELECT string_agg("${column}"::text, E'\\n') AS all FROM "${table}"`,
    );
    const text = (row?.all ?? '').toLowerCase();
    for (const [name, forms] of Object.entries(wanted))
      if (forms.some((form) => text.includes(form.toLowerCase()))) places.push(`${table}.${column}: ${name}`);
  }
  return places;
}
