import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** A query parameter as a text; one that is missing, or given more than once, is undefined. */
export const QueryText = createParamDecorator(
  (name: string, context: ExecutionContext): string | undefined => {
    const query = context.switchToHttp().getRequest<FastifyRequest>().query as Record<string, unknown>;
    const value = query[name];
    return typeof value === 'string' ? value : undefined;
  },
);
