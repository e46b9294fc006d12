import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The IPv6 network that counts as one address: a provider gives each customer at least a /64. */
const ADDRESS_BITS = 64;
/** The IPv6 network that one attacker may own: it has 65,536 networks of 64 bits. */
const SITE_BITS = 48;
/** The limit of a /48 network, as a multiple of an address's limit. */
const SITE_SHARE = 10;

/** A caller that a limit counts: an address or a network, and the factor by which its limit is larger. */
export interface LimitedCaller {
  readonly kind: 'address' | 'network';
  readonly subject: string;
  readonly share: number;
}

/**
 * Reads an IP address as proxies write it: with a port (`203.0.113.9:5432`, `[2001:db8::1]:443`), with a zone, in quotes,
 * or as an IPv4-mapped IPv6 address (`::ffff:203.0.113.9`).
 *
 * @returns the bare IPv4 or IPv6 address; undefined if the text has none.
 */
export function bareAddress(text: string): string | undefined {
  const unquoted = text.trim().replace(/^"(.*)"$/, '$1');
  const host = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(unquoted)?.[1] ?? unquoted;
  const address = [host, host.replace(/:\d{1,5}$/, '')]
    .map((candidate) => candidate.replace(/%.*$/, ''))
    .find((candidate) => isIP(candidate) !== 0);
  return address === undefined ? undefined : normalizeIp(address, 128).replace(/\/128$/, '');
}

/**
 * Reads an `X-Forwarded-For` header. Entries to the left of one that is no address are dropped, because the proxy that
 * wrote it did not know its client.
 *
 * @returns the bare addresses, the client's first.
 */
export function forwardedAddresses(header: string): string[] {
  const entries = header.split(',').filter((entry) => entry.trim() !== '');
  const addresses = entries.map(bareAddress);
  return addresses.slice(addresses.lastIndexOf(undefined) + 1) as string[];
}

/** Replaces each request's `X-Forwarded-For` by bare addresses, before Fastify looks for trusted proxies in it. */
export function readForwardedAddresses(fastify: FastifyInstance): void {
  fastify.server.prependListener('request', ({ headers }: IncomingMessage) => {
    const given = headers['x-forwarded-for'];
    if (given === undefined) return;
    const header = [given].flat().join(',');
    if (header === '') return;
    const addresses = forwardedAddresses(header);
    if (addresses.length === 0) delete headers['x-forwarded-for'];
    else headers['x-forwarded-for'] = addresses.join(', ');
  });
}

/** Returns the bare IP address of a request's caller: the connection's, or the one that a trusted proxy names. */
export function callerAddress({ ip }: Pick<FastifyRequest, 'ip'>): string {
  return bareAddress(ip) ?? ip;
}

/** Injects the bare IP address of the caller. */
export const CallerAddress = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  callerAddress(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** Lists the callers that a limit counts for an address: an IPv4 address, or an IPv6 address's /64 and /48 networks. */
export function limitedCallers(address: string): LimitedCaller[] {
  const caller = { kind: 'address', subject: normalizeIp(address, ADDRESS_BITS), share: 1 } as const;
  const site = normalizeIp(address, SITE_BITS);
  return site.includes('/') ? [caller, { kind: 'network', subject: site, share: SITE_SHARE }] : [caller];
}
