import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { ThrottlerOptions } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { ACCESS, type AccessLevel, LIMITED_AS, type RateLimitKind } from '../common/access/access.decorator';
import { RouteMetadata } from '../common/access/route-metadata';
import { callerAddress, type LimitedCaller, limitedCallers } from '../common/http/client-address';

const MINUTE = 60_000;

/** The kinds of limits of routes: the route's own, else `storefront` for storefront routes, else none. */
export type LimitKinds = RouteMetadata<RateLimitKind | undefined>;

/** Reads the kinds of limits from the decorators of routes. */
export function limitKinds(reflector: Reflector): LimitKinds {
  return new RouteMetadata(
    reflector,
    (declared) =>
      (declared(LIMITED_AS) as RateLimitKind | undefined) ??
      ((declared(ACCESS) as AccessLevel | undefined) === 'storefront' ? 'storefront' : undefined),
  );
}

function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}

/** Returns the caller's IPv6 /48 network; undefined for an IPv4 address. */
function networkOf(request: FastifyRequest): LimitedCaller | undefined {
  return limitedCallers(callerAddress(request)).find(({ kind }) => kind === 'network');
}

/**
 * Builds the rate limits, two for each kind of route: one counts by IP address (IPv6: by /64 network), one with a larger
 * limit by IPv6 /48 network. Payments are also limited by order, when they are sent.
 */
export function limits(kinds: LimitKinds): ThrottlerOptions[] {
  const isNot =
    (kind: RateLimitKind) =>
    (context: ExecutionContext): boolean =>
      kinds.of(context) !== kind;
  const byCaller = (kind: RateLimitKind, limit: number): ThrottlerOptions[] => [
    { name: kind, limit, ttl: MINUTE, skipIf: isNot(kind) },
    {
      name: `${kind}_network`,
      limit: (context) => limit * (networkOf(requestOf(context))?.share ?? 1),
      ttl: MINUTE,
      skipIf: (context) => isNot(kind)(context) || networkOf(requestOf(context)) === undefined,
      getTracker: (request) => networkOf(request as FastifyRequest)?.subject ?? '',
    },
  ];
  return [
    ...byCaller('payment', 10),
    ...byCaller('storefront', 120),
    ...byCaller('installation', 60),
    ...byCaller('sign_in', 20),
  ];
}
