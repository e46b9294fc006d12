/** The time zone of times that Appmax writes without one: Brasília, without daylight saving time since 2019. */
const UTC_OFFSET_HOURS = -3;
const DAY_MILLISECONDS = 86_400_000;

const FORMS: readonly RegExp[] = [
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})(?:[T ](?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d)(?:\.\d+)?)?(?<zone>Z|[+-]\d{2}:?\d{2})?)?$/,
  /^(?<day>\d{2})\/(?<month>\d{2})\/(?<year>\d{4})(?:[T ](?<hour>[01]\d|2[0-3])[:h](?<minute>[0-5]\d)(?::(?<second>[0-5]\d))?)?$/,
];

/** Day 0 of the due date factor, the four digits in a boleto's digitable line that count days. */
const FACTOR_START = Date.UTC(1997, 9, 7);
/** Day 0 of the second cycle: after 9999, the factor started again at 1000 on 2025-02-22. */
const FACTOR_RESTART = Date.UTC(2025, 1, 22) - 1000 * DAY_MILLISECONDS;
const LONGEST_DUE_DAYS = 120;

/**
 * Parses a time from Appmax: `YYYY-MM-DD hh:mm:ss`, ISO 8601, or `DD/MM/YYYY hh:mm:ss`. The default zone is Brasília's.
 *
 * @param dateAlone the meaning of a date without a time: the first second of that day, or the last one (`end`).
 * @returns undefined for anything else.
 */
export function readTime(value: unknown, dateAlone: 'start' | 'end' = 'start'): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const parts = FORMS.map((form) => form.exec(value.trim())?.groups).find((groups) => groups !== undefined);
  if (parts === undefined) return undefined;
  const { year, month, day, hour, minute, second, zone } = parts;
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const read = new Date(date);
  if (read.getUTCDate() !== Number(day) || read.getUTCMonth() !== Number(month) - 1) return undefined;
  if (hour === undefined) {
    const start = date - UTC_OFFSET_HOURS * 3_600_000;
    return new Date(dateAlone === 'start' ? start : start + DAY_MILLISECONDS - 1000);
  }
  const time = (Number(hour) * 3600 + Number(minute) * 60 + Number(second ?? 0)) * 1000;
  return new Date(date + time - offsetMilliseconds(zone));
}

/** Midnight: in a due date, it means that there is no time of day. */
const MIDNIGHT = /[T ]00[:h]00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

/** Parses a boleto's due date. @returns the last second of that day in Brasília, or the time of day that it has. */
export function readDueDate(value: string | undefined): Date | undefined {
  return readTime(value?.trim().replace(MIDNIGHT, ''), 'end');
}

/**
 * Reads a boleto's due date from its digitable line, for answers without a due date.
 *
 * @returns the last second of that day in Brasília; undefined if the line has no plausible date.
 */
export function dueDateOfLine(line: string | undefined, now: Date): Date | undefined {
  const digits = line?.replace(/\D/g, '') ?? '';
  if (digits.length !== 47) return undefined;
  const factor = Number(digits.slice(-14, -10));
  if (factor === 0) return undefined;
  return [FACTOR_RESTART, FACTOR_START]
    .map((start) => start + factor * DAY_MILLISECONDS)
    .map((date) => new Date(date - UTC_OFFSET_HOURS * 3_600_000 + DAY_MILLISECONDS - 1000))
    .find((due) => {
      const days = (due.getTime() - now.getTime()) / DAY_MILLISECONDS;
      return days > -1 && days < LONGEST_DUE_DAYS;
    });
}

function offsetMilliseconds(zone: string | undefined): number {
  if (zone === 'Z') return 0;
  if (zone === undefined) return UTC_OFFSET_HOURS * 3_600_000;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
