import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { ThrottlerOptions } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { ACCESS, type AccessLevel } from '../common/access/access.decorator';
import { LIMITED_AS, type RateLimitKind } from '../common/access/limited-as.decorator';

const MINUTE = 60_000;

/** Returns the kind of limit of a request: the route's own, else `storefront` for storefront routes, else none. */
function kindOf(reflector: Reflector, context: ExecutionContext): RateLimitKind | undefined {
  const targets = [context.getHandler(), context.getClass()];
  const declared = reflector.getAllAndOverride<RateLimitKind | undefined>(LIMITED_AS, targets);
  const access = reflector.getAllAndOverride<AccessLevel | undefined>(ACCESS, targets);
  return declared ?? (access === 'storefront' ? 'storefront' : undefined);
}

/** Reads the order's id from a body that is not validated yet. Validation refuses an invalid id later. */
function orderIdOf(context: ExecutionContext): number | undefined {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  const { order_id: orderId } = (typeof body === 'object' && body !== null ? body : {}) as {
    order_id?: unknown;
  };
  return typeof orderId === 'number' && orderId > 0 ? orderId : undefined;
}

/** Builds the rate limits, one for each kind of route. They count by IP address; `order` counts by order. */
export function limits(reflector: Reflector, isEnabled: boolean): ThrottlerOptions[] {
  const isNot =
    (kind: RateLimitKind) =>
    (context: ExecutionContext): boolean =>
      !isEnabled || kindOf(reflector, context) !== kind;
  return [
    { name: 'payment', limit: 10, ttl: MINUTE, skipIf: isNot('payment') },
    { name: 'storefront', limit: 120, ttl: MINUTE, skipIf: isNot('storefront') },
    { name: 'installation', limit: 60, ttl: MINUTE, skipIf: isNot('installation') },
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
