/** Format characters that copying from chats, PDFs and spreadsheets adds: soft hyphens, zero-width spaces, text directions. */
const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g;

/** A blank, or a character without a width. Inside of a text, joiners belong to emojis and to some scripts. */
const BLANK = /\s|\u200c|\u200d|\u034f|\u115f|\u1160|\u2800|\u3164|\uffa0/;

/**
 * Removes the invisible characters of a text, and the blanks around it. Takes linear time: a regular expression for
 * blanks at the end would start anew at each of them.
 */
export function cleanText(text: string): string {
  const visible = text.replace(INVISIBLE, '');
  let start = 0;
  let end = visible.length;
  while (start < end && BLANK.test(visible.charAt(start))) start += 1;
  while (end > start && BLANK.test(visible.charAt(end - 1))) end -= 1;
  return visible.slice(start, end);
}

/** Objects of which {@link cleanFields} has removed all fields. */
const blankObjects = new WeakSet();

/** Returns true if {@link cleanFields} has removed all fields of an object, because they were null or blank. */
export function isBlankObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && blankObjects.has(value);
}

/**
 * Cleans the texts of a body at every level, and removes its fields that are null or blank: they count as absent. Entries
 * of lists stay, also if they are blank.
 */
export function cleanFields(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanFields);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, cleanFields(field)] as const);
  const kept = Object.fromEntries(fields.filter(([, field]) => field !== null && field !== ''));
  if (fields.length > 0 && Object.keys(kept).length === 0) blankObjects.add(kept);
  return kept;
}
