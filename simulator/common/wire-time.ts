const HOUR = 3_600_000;

function shifted(instant: number, utcOffsetHours: number): string {
  return new Date(instant + utcOffsetHours * HOUR).toISOString();
}

/**
 * Formats an instant as Appmax does: `YYYY-MM-DD hh:mm:ss`, without a zone.
 * @param instant milliseconds since 1970, UTC
 * @param utcOffsetHours the zone of Appmax's times, -3 for São Paulo
 */
export function wireTime(instant: number, utcOffsetHours: number): string {
  return shifted(instant, utcOffsetHours).slice(0, 19).replace('T', ' ');
}

/** Returns the calendar day of an instant, `YYYY-MM-DD`, in the zone given. */
export function wireDate(instant: number, utcOffsetHours: number): string {
  return shifted(instant, utcOffsetHours).slice(0, 10);
}

/** Returns the last second of a calendar day (`YYYY-MM-DD`) in the zone given, as an instant in milliseconds. */
export function endOfDay(date: string, utcOffsetHours: number): number {
  return Date.parse(`${date}T23:59:59Z`) - utcOffsetHours * HOUR;
}
