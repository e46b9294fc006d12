import { perLanguage } from '../shared/format';
import type { Language } from '../shared/texts';

/** The time zone of all instants of the console: that of the shops, wherever the operator is. */
export const TIME_ZONE = 'America/Sao_Paulo';

/** Brazil has had no daylight saving time since 2019. */
const OFFSET = '-03:00';

const seconds = perLanguage(
  (language) =>
    new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium', timeZone: TIME_ZONE }),
);
const minutes = perLanguage(
  (language) =>
    new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short', timeZone: TIME_ZONE }),
);
const days = perLanguage(
  (language) => new Intl.DateTimeFormat(language, { day: '2-digit', month: '2-digit', timeZone: 'UTC' }),
);
const numbers = perLanguage((language) => new Intl.NumberFormat(language));

/** Writes an instant with its seconds, such as `31/01/2026, 13:05:09`. */
export function dateTime(instant: string | null, language: Language): string {
  return instant === null ? '—' : seconds(language).format(new Date(instant));
}

/** Writes an instant without its seconds, for lists. */
export function minute(instant: string | null, language: Language): string {
  return instant === null ? '—' : minutes(language).format(new Date(instant));
}

/** Writes a day, such as `2026-01-31`, without its year. */
export function shortDay(day: string, language: Language): string {
  return days(language).format(new Date(`${day}T00:00:00Z`));
}

export function count(value: number, language: Language): string {
  return numbers(language).format(value);
}

/** Writes a part of a whole, such as `12,5%`; a dash if there is no whole. */
export function percent(part: number, whole: number, language: Language): string {
  return whole === 0
    ? '—'
    : new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(part / whole);
}

/** Reads an amount as people type it, such as `1.234,56`, `1234.56` or `1234`. @returns cents, or undefined */
export function centsOf(text: string): number | undefined {
  const clean = text.replaceAll(/[R$\s]/g, '');
  const [, whole = '', mark = '', decimals = ''] = /^(\d[\d.,]*?)(?:([.,])(\d{1,2}))?$/.exec(clean) ?? [];
  // With one mark for thousands and decimals, what is meant is a guess.
  if (mark !== '' && whole.includes(mark)) return undefined;
  if (whole === '' || !/^\d+$|^\d{1,3}([.,]\d{3})+$/.test(whole)) return undefined;
  return Number(whole.replaceAll(/[.,]/g, '')) * 100 + Number(decimals.padEnd(2, '0') || 0);
}

/** Returns the instant at which a day begins in Brazil; undefined for what is no day. @param plus days to add */
export function startOfDay(day: string | undefined, plus = 0): string | undefined {
  if (day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const start = Date.parse(`${day}T00:00:00${OFFSET}`);
  return Number.isNaN(start) ? undefined : new Date(start + plus * 86_400_000).toISOString();
}
