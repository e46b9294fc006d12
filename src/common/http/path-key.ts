/** The length limit of a path parameter, in percent-encoded characters. */
export const LONGEST_PATH_PARAMETER = 1_024;

/**
 * Returns true if a key can be a segment of a URL's path. `.` and `..` can't: clients resolve them, also if they are
 * percent-encoded. A key with many characters outside of ASCII is too long when it is percent-encoded.
 */
export function fitsIntoPath(key: string): boolean {
  if (key === '' || key === '.' || key === '..' || /\p{Cs}/u.test(key)) return false;
  return encodeURIComponent(key).length <= LONGEST_PATH_PARAMETER;
}

/** Returns a request's path as its route is written: without doubled and trailing slashes; the query stays. */
export function canonicalUrl(url: string): string {
  const [path = '', ...query] = url.split('?');
  const canonical = path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  return [canonical, ...query].join('?');
}
