import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

/** Names of address ranges that Fastify knows. */
const NAMED_RANGES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** The hosts of Appmax's production API and of its token service: calls there move real money. */
const PRODUCTION_HOSTS: ReadonlySet<string> = new Set(['api.appmax.com.br', 'auth.appmax.com.br']);

/** Appmax's addresses, which are the defaults in production and elsewhere. */
export const APPMAX_URLS = {
  production: {
    auth: 'https://auth.appmax.com.br',
    api: 'https://api.appmax.com.br',
    admin: 'https://admin.appmax.com.br',
  },
  sandbox: {
    auth: 'https://auth.sandboxappmax.com.br',
    api: 'https://api.sandboxappmax.com.br',
    admin: 'https://breakingcode.sandboxappmax.com.br',
  },
} as const;

/** Returns true if an address is that of Appmax's production. */
export function isProductionOf(address: string | undefined): boolean {
  return address !== undefined && URL.canParse(address) && PRODUCTION_HOSTS.has(new URL(address).hostname);
}

/** Returns true if a text is an http:// or https:// address. */
export function isHttpUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}

/** Reads an http:// or https:// address in its normal form. Unlike a base address it may end with a slash. */
export const webAddress = z
  .string()
  .refine(isHttpUrl, 'must be an http:// or https:// address')
  .transform((value) => new URL(value).href);

/** Reads a secret of Standard Webhooks: `whsec_` and 24 to 64 bytes as base64. */
export const signingSecret = z
  .string()
  .refine(
    isSigningSecret,
    'must be whsec_ and 24 to 64 bytes as base64 (make one with: echo "whsec_$(openssl rand -base64 32)")',
  );

function isSigningSecret(value: string): boolean {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 && bytes.length >= 24 && bytes.length <= 64;
}

/** Adds `https://` to a host name without a scheme: tunnels are often named so. */
export function withScheme(value: string): string {
  const host = value.replace(/^\/\//, '');
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(\/|$)/i.test(host) ? `https://${host}` : value;
}

/**
 * Reads the origin of pages as browsers send it: scheme, host and port in lower case, without a default port. A slash at
 * the end is removed. `*` means any origin.
 *
 * @returns undefined if the text is not an origin: no scheme, a path, or a pattern.
 */
export function originOf(value: string): string | undefined {
  if (value === '*') return value;
  const [, scheme, host] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#@*\s]+)\/*$/i.exec(value) ?? [];
  if (scheme === undefined || host === undefined || !URL.canParse(value)) return undefined;
  // Apps in a web view have schemes of their own, for which `URL` knows no origin.
  return isHttpUrl(value) ? new URL(value).origin : `${scheme}://${host}`.toLowerCase();
}

/** Reads comma-separated hosts, each perhaps with a port: `db1,db2:5433`. An IPv6 address with a port is in brackets. */
export function hostList(value: string): { readonly host: string; readonly port: number | undefined }[] {
  return value
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(each) ?? [];
      const host = bracketed ?? plain ?? each;
      return { host, port: port === undefined ? undefined : Number(port) };
    });
}

/** Returns true for an IP address, a network such as `10.0.0.0/8`, or the name of a range. */
export function isProxyAddress(value: string): boolean {
  if (NAMED_RANGES.has(value)) return true;
  const [ip = '', bits, ...rest] = value.split('/');
  const version = isIP(ip);
  if (version === 0 || ip.includes('%') || rest.length > 0) return false;
  if (bits === undefined || (version === 4 && isIP(bits) === 4)) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128);
}

/** Reads a file of certificates (PEM). @returns undefined if the file can't be read or has no valid certificate. */
export function readCertificates(path: string): string | undefined {
  try {
    const pem = readFileSync(path, 'utf8');
    // Throws unless the file starts with a certificate.
    new X509Certificate(pem);
    return pem;
  } catch {
    return undefined;
  }
}

/** Reads headers, `name=value` each, whose values may be percent-encoded. */
export const otlpHeaders = z.array(z.string()).transform((pairs, context): Record<string, string> => {
  const headers = pairs.map(headerOf);
  if (headers.every((each) => each !== undefined)) return Object.fromEntries(headers);
  context.addIssue('must be name=value pairs, comma-separated, such as authorization=Basic%20dXNlcjpwYXNz');
  return z.NEVER;
});

/** Reads one header, `name=value`, whose value may be percent-encoded. @returns undefined if it is none. */
function headerOf(pair: string): readonly [name: string, value: string] | undefined {
  const [, name = '', encoded = ''] = /^([!#$%&'*+.^`|~\w-]+)\s*=\s*([ -~]+)$/.exec(pair) ?? [];
  try {
    const value = decodeURIComponent(encoded);
    return /^[ -~]+$/.test(value) ? [name.toLowerCase(), value] : undefined;
  } catch {
    return undefined;
  }
}

const NO_SHARE = 'must be a number from 0 to 1';

/** Reads the share of traces that is sent; all by default. */
export const sampledShare = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : 1),
  z.number({ error: NO_SHARE }).min(0, NO_SHARE).max(1, NO_SHARE),
);
