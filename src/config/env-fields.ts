/* eslint-disable @typescript-eslint/explicit-module-boundary-types -- Zod infers them, and the type of the environment from them */
import { z } from 'zod';
import { APP_KEY, fromBase64, NO_APP_KEY } from './app-key';
import { isHttpUrl, isProxyAddress, originOf, readCertificates } from './env-values';

/** Removes blanks around a value (`trim` counts a byte order mark as one). A blank variable is an unset one. */
export const blankIsUnset = (value: unknown): unknown =>
  typeof value === 'string' ? value.trim() || undefined : value;

export const text = z.preprocess(blankIsUnset, z.string().optional());
export const textOr = (fallback: string) => z.preprocess(blankIsUnset, z.string().default(fallback));
export const oneOf = <const T extends [string, ...string[]]>(values: T, fallback: T[number]) =>
  z.preprocess(
    blankIsUnset,
    z.enum(values).default(() => fallback as never),
  );
export const wholeNumber = (fallback: number, minimum: number, maximum: number) =>
  z.preprocess(
    (value) => (blankIsUnset(value) === undefined ? fallback : Number(value)),
    z
      .number({ error: 'must be a whole number' })
      .int('must be a whole number')
      .min(minimum, `must be at least ${minimum}`)
      .max(maximum, `must be at most ${maximum}`),
  );
export const optionalPort = z.preprocess(
  (value) => (blankIsUnset(value) === undefined ? undefined : Number(value)),
  z
    .number({ error: 'must be a port, 1 to 65535' })
    .int()
    .min(1, 'must be a port, 1 to 65535')
    .max(65_535, 'must be a port, 1 to 65535')
    .optional(),
);
export const flag = (fallback: boolean) =>
  z.preprocess(
    (value) => (blankIsUnset(value) === undefined ? String(fallback) : String(value).trim().toLowerCase()),
    z
      .enum(['true', 'false', 'on', 'off'], { error: 'must be true or false' })
      .transform((value) => value === 'true' || value === 'on'),
  );
/** Reads `true`, `false`, a number of proxies, or the addresses of the trusted proxies. */
export const trustProxy = z
  .preprocess(blankIsUnset, z.string().default('false'))
  .transform((value, context) => {
    if (/^(true|on)$/i.test(value)) return true;
    if (/^(false|off)$/i.test(value)) return false;
    if (/^\d{1,2}$/.test(value)) return Number(value);
    const addresses = value.split(',').map((each) => each.trim());
    if (addresses.every(isProxyAddress)) return addresses.join(',');
    context.addIssue(
      'must be true, false, a number of proxies, or their addresses such as 10.0.0.0/8,192.0.2.7',
    );
    return z.NEVER;
  });
export const commaList = z.preprocess(
  (value) =>
    (typeof value === 'string' ? value : '')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  z.array(z.string()),
);
export const appKeys = commaList
  .refine((keys) => keys.every((key) => APP_KEY.test(key)), `${NO_APP_KEY}, comma-separated`)
  .transform((keys) => keys.map(fromBase64));
/** A host name of at least two labels, without scheme, port, path or wildcard; an IP address is none. */
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
export const domainNames = commaList
  .transform((hosts) => [...new Set(hosts.map((host) => host.toLowerCase()))])
  .refine(
    (hosts) => hosts.every((host) => HOST_NAME.test(host)),
    'must be host names such as checkout.example.com, comma-separated, without https://, port or path',
  );
export const origins = commaList.transform((entries, context) => {
  const found = entries.map(originOf);
  if (found.every((each) => each !== undefined)) return [...new Set(found)];
  context.addIssue('must be origins, scheme and host without a path, such as https://shop.example.com, or *');
  return z.NEVER;
});
export const url = (read: (value: string) => string = (value) => value) =>
  z.preprocess(
    blankIsUnset,
    z
      .string()
      .transform(read)
      .refine(isHttpUrl, 'must be an http:// or https:// address')
      .transform((value) => value.replace(/\/+$/, ''))
      .optional(),
  );
/** Reads the file that a variable names. */
export const certificates = z.preprocess(
  blankIsUnset,
  z
    .string()
    .transform(readCertificates)
    .refine((pem) => pem !== undefined, 'must name a readable file of certificates (PEM)')
    .optional(),
);
