/** A language that pages are written in. */
export type Language = 'pt-BR' | 'en';

/** A compression of answers. */
export type Encoding = 'br' | 'gzip';

/** One entry of an Accept, Accept-Encoding or Accept-Language header: a value in lower case, its quality, and its place in the header. */
interface Preference {
  readonly value: string;
  readonly quality: number;
  readonly place: number;
}

const HTML = ['text/html', 'application/xhtml+xml'];
const JSON_TYPE = 'application/json';

/** Parses a header of RFC 9110, section 12.5: values with a quality (`;q=0.8`), separated by commas. */
function preferencesIn(header: string): Preference[] {
  const entries = header.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  return entries.map((entry, place) => {
    const [value = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const given = parameters.find((parameter) => /^q\s*=/.test(parameter));
    const quality = given === undefined ? 1 : Number(given.replace(/^q\s*=\s*/, ''));
    return { value, quality: quality >= 0 && quality <= 1 ? quality : 0, place };
  });
}

/** Finds the entry that applies to a media type: the most specific one. */
function preferenceFor(type: string, preferences: readonly Preference[]): Preference | undefined {
  const ranges = [type, type.replace(/\/.*/, '/*'), '*/*'];
  return ranges
    .map((range) => preferences.find(({ value }) => value === range))
    .find((preference) => preference !== undefined);
}

/**
 * Returns true if a client prefers HTML to JSON by its Accept header, as browsers do. With the same quality the type that
 * comes first counts. Without a preference (no header, or only `*` ranges) the answer is JSON.
 */
export function wantsPage(accept: string | undefined): boolean {
  const preferences = preferencesIn(accept ?? '');
  const json = preferenceFor(JSON_TYPE, preferences) ?? { quality: 0, place: Infinity };
  return HTML.map((type) => preferenceFor(type, preferences)).some((html) => {
    if (html === undefined || html.quality === 0) return false;
    return html.quality === json.quality ? html.place < json.place : html.quality > json.quality;
  });
}

/** Returns the better of our compressions that an Accept-Encoding header allows; undefined: none. */
export function acceptedEncoding(acceptEncoding: string | undefined): Encoding | undefined {
  const preferences = preferencesIn(acceptEncoding ?? '');
  const accepts = (encoding: string): boolean => {
    const named = preferences.find(({ value }) => value === encoding);
    const { quality } = named ?? preferences.find(({ value }) => value === '*') ?? { quality: 0 };
    return quality > 0;
  };
  return (['br', 'gzip'] as const).find(accepts);
}

/**
 * Returns the language that a reader prefers by the Accept-Language header; undefined if it names neither Portuguese nor
 * English.
 */
export function readerLanguage(acceptLanguage: string | undefined): Language | undefined {
  const [first] = preferencesIn(acceptLanguage ?? '')
    .filter(({ value, quality }) => quality > 0 && /^(pt|en)(-|$)/.test(value))
    .sort((left, right) => right.quality - left.quality || left.place - right.place);
  return first === undefined ? undefined : first.value.startsWith('pt') ? 'pt-BR' : 'en';
}
