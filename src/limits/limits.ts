import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { ThrottlerOptions } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { ACCESS, type AccessLevel } from '../common/access/access.decorator';
import { LIMITED_AS, type LimitKind } from '../common/access/limited-as.decorator';

const MINUTE = 60_000;

/** How a call counts: as its route declares or, on any other storefront route, as one of those. Other routes have no limit. */
function kindOf(reflector: Reflector, context: ExecutionContext): LimitKind | undefined {
  const targets = [context.getHandler(), context.getClass()];
  const declared = reflector.getAllAndOverride<LimitKind | undefined>(LIMITED_AS, targets);
  const access = reflector.getAllAndOverride<AccessLevel | undefined>(ACCESS, targets);
  return declared ?? (access === 'storefront' ? 'storefront' : undefined);
}

/** The order that a body names. It is not validated yet: what names no order is refused later. */
function orderIdOf(context: ExecutionContext): number | undefined {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  const { order_id: orderId } = (typeof body === 'object' && body !== null ? body : {}) as {
    order_id?: unknown;
  };
  return typeof orderId === 'number' && orderId > 0 ? orderId : undefined;
}

/** The limits, each with the calls that it is not for. By the caller's address, save for an order's. @param on whether there are any. */
export function limits(reflector: Reflector, on: boolean): ThrottlerOptions[] {
  const isNot =
    (kind: LimitKind) =>
    (context: ExecutionContext): boolean =>
      !on || kindOf(reflector, context) !== kind;
  return [
    { name: 'payment', limit: 10, ttl: MINUTE, skipIf: isNot('payment') },
    { name: 'storefront', limit: 120, ttl: MINUTE, skipIf: isNot('storefront') },
    { name: 'installation', limit: 60, ttl: MINUTE, skipIf: isNot('installation') },
    {
      // Someone with many addresses tries many cards on one order.
      name: 'order',
      limit: 30,
      ttl: MINUTE,
      skipIf: (context) => isNot('payment')(context) || orderIdOf(context) === undefined,
      // The shop's own: whoever names an order by another shop's key must not use up what its shoppers have.
      getTracker: ({ params }, context) =>
        `${String((params as { key?: string }).key)} ${String(orderIdOf(context))}`,
    },
  ];
}
