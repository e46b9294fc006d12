/** Headers of a response, as undici gives them. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A number of seconds; Appmax's rate limit also writes `45(s)`. */
const SECONDS = /^(\d{1,9}(?:\.\d+)?)\s*(?:\(?s\)?)?$/;
/** The old form of an HTTP date (`Sun Nov  6 08:49:37 1994`), which has no time zone and means UTC. */
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Reads the Retry-After header: seconds, or an HTTP date in any of its three forms (RFC 9110, section 5.6.7). A date is
 * compared with the response's own Date, because the two clocks may differ.
 *
 * @param now the time to compare with if the response has no Date.
 * @returns whole seconds, rounded up, at least 0; undefined if there is no valid header.
 */
export function retryAfterOfHeaders(headers: ResponseHeaders, now: Date): number | undefined {
  const value = single(headers['retry-after'])?.trim();
  if (value === undefined || value === '') return undefined;
  const seconds = SECONDS.exec(value)?.[1];
  if (seconds !== undefined) return Math.ceil(Number(seconds));
  const until = httpDate(value);
  if (until === undefined) return undefined;
  const from = httpDate(single(headers['date'])?.trim() ?? '') ?? now.getTime();
  return Math.max(0, Math.ceil((until - from) / 1000));
}

/**
 * Returns the URL to which a response redirects: Location, absolute or relative to the request's URL.
 *
 * @returns undefined if the request may not be sent there: it is another origin, which must not get our token, or the
 * method would change (only 307 and 308 keep that of a POST).
 */
export function redirectTarget(
  { method, url }: { readonly method: 'GET' | 'POST'; readonly url: string },
  { status, headers }: { readonly status: number; readonly headers: ResponseHeaders },
): string | undefined {
  const location = single(headers['location'])?.trim() ?? '';
  if (location === '' || !REDIRECTS.has(status) || !URL.canParse(location, url)) return undefined;
  if (method === 'POST' && status !== 307 && status !== 308) return undefined;
  const target = new URL(location, url);
  target.hash = '';
  return target.origin === new URL(url).origin ? target.href : undefined;
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** Parses an HTTP date. @returns milliseconds since 1970; undefined if it is none. */
function httpDate(text: string): number | undefined {
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const milliseconds = Date.parse(ASCTIME.test(text) ? `${text} GMT` : text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
