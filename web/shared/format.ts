import type { Language } from './texts';

/** Keeps a format for each language: to make one takes longer than to write many values with it. */
export function perLanguage<Format>(make: (language: Language) => Format): (language: Language) => Format {
  const made = new Map<Language, Format>();
  return (language) => {
    const format = made.get(language) ?? make(language);
    made.set(language, format);
    return format;
  };
}

const reais = perLanguage(
  (language) => new Intl.NumberFormat(language, { style: 'currency', currency: 'BRL' }),
);

/** Writes cents as reais. */
export function money(cents: number, language: Language): string {
  return reais(language).format(cents / 100);
}

/** Writes the day of an instant in Brazil. */
export function day(instant: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'America/Sao_Paulo' }).format(
    new Date(instant),
  );
}

/** Writes a duration as `29:05`, or `1:02:03` from an hour on. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

export function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '');
}
