import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { ThrottlerOptions } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { ACCESS, type AccessLevel, LIMITED_AS, type RateLimitKind } from '../common/access/access.decorator';
import { callerAddress, type LimitedCaller, limitedCallers } from '../common/http/client-address';

const MINUTE = 60_000;

/** Returns the kind of limit of a request: the route's own, else `storefront` for storefront routes, else none. */
function kindOf(reflector: Reflector, context: ExecutionContext): RateLimitKind | undefined {
  const targets = [context.getHandler(), context.getClass()];
  const declared = reflector.getAllAndOverride<RateLimitKind | undefined>(LIMITED_AS, targets);
  const access = reflector.getAllAndOverride<AccessLevel | undefined>(ACCESS, targets);
  return declared ?? (access === 'storefront' ? 'storefront' : undefined);
}

function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}

/** Reads the order's id from a body that is not validated yet. Validation refuses an invalid id later. */
function orderIdOf(context: ExecutionContext): number | undefined {
  const { body } = requestOf(context);
  const { order_id: orderId } = (typeof body === 'object' && body !== null ? body : {}) as {
    order_id?: unknown;
  };
  return typeof orderId === 'number' && orderId > 0 ? orderId : undefined;
}

/** Returns the caller's IPv6 /48 network; undefined for an IPv4 address. */
function networkOf(request: FastifyRequest): LimitedCaller | undefined {
  return limitedCallers(callerAddress(request)).find(({ kind }) => kind === 'network');
}

/**
 * Builds the rate limits, two for each kind of route: one counts by IP address (IPv6: by /64 network), one with a larger
 * limit by IPv6 /48 network. `order` counts by order.
 */
export function limits(reflector: Reflector, isEnabled: boolean): ThrottlerOptions[] {
  const isNot =
    (kind: RateLimitKind) =>
    (context: ExecutionContext): boolean =>
      !isEnabled || kindOf(reflector, context) !== kind;
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
    {
      // Against an attacker that tries many cards on one order from many IP addresses.
      name: 'order',
      limit: 30,
      ttl: MINUTE,
      skipIf: (context) => isNot('payment')(context) || orderIdOf(context) === undefined,
      // Counted with the shop's key, so that requests with another shop's key do not use up the order's limit.
      getTracker: ({ params }, context) =>
        `${String((params as { key?: string }).key)} ${String(orderIdOf(context))}`,
    },
  ];
}
