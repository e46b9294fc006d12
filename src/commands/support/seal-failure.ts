/** Maximum number of ids that are listed for rows that could not be sealed. */
const NAMED = 20;

/** Says why credentials could not be sealed, with the number of installations and their first 20 ids. */
export function sealFailureText([reason, ids]: readonly [string, readonly number[]]): string {
  return `${ids.length} not sealed: ${reason} (installations ${namesOf(ids)})`;
}

/** Lists ids, at most {@link NAMED}. */
export function namesOf(ids: readonly number[]): string {
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
  return `${ids.slice(0, NAMED).join(', ')}${more}`;
}
