import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { cleanText } from '../validation/clean-fields';

/** The metadata key of the names of a route's {@link QueryText} parameters. */
export const QUERY_TEXTS = 'query-texts';

/** The documentation of a query parameter. */
export interface QueryTextOptions {
  readonly description: string;
  readonly example: string;
  /** True if the route answers 400 without it. */
  readonly required?: boolean;
}

const read = createParamDecorator((name: string, context: ExecutionContext): string | undefined => {
  const query = context.switchToHttp().getRequest<FastifyRequest>().query as Record<string, unknown>;
  const value = query[name];
  return typeof value === 'string' ? cleanText(value) : undefined;
});

/**
 * Injects a query parameter as a text, without blanks around it; undefined if it is missing. `QueryGuard` refuses one that
 * is given more than once.
 */
export const QueryText =
  (name: string, { description, example, required = false }: QueryTextOptions): ParameterDecorator =>
  (target, method, index) => {
    read(name)(target, method, index);
    const descriptor = Object.getOwnPropertyDescriptor(target, method ?? '');
    if (method === undefined || descriptor === undefined) return;
    const handler = descriptor.value as object;
    const others = (Reflect.getMetadata(QUERY_TEXTS, handler) ?? []) as readonly string[];
    Reflect.defineMetadata(QUERY_TEXTS, [...others, name], handler);
    ApiQuery({ name, description, required, schema: { type: 'string', examples: [example] } })(
      target,
      method,
      descriptor,
    );
  };
