const INSTANT = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Parses ISO 8601: a time with its zone, or a day, which is midnight UTC. @returns undefined for anything else. */
export function parseInstant(text: string): Date | undefined {
  const day = INSTANT.exec(text)?.[1];
  const instant = new Date(day === undefined ? NaN : text);
  return Number.isNaN(instant.getTime()) || !isDay(day ?? '') ? undefined : instant;
}

/** Returns true if the day exists: JavaScript parses February 30th as March 2nd. */
function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
