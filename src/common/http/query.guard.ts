import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ACCESS } from '../access/access.decorator';
import { RouteMetadata } from '../access/route-metadata';
import { type FieldError, invalidQuery } from '../errors/api-error';
import { wantsPage } from './preferences';
import { QUERY_TEXTS } from './query-text';

/** The parameter that browser libraries add to a GET so that no cache answers it. It means nothing. */
const CACHE_BUSTER = '_';

/** The query parameters of a route, as its decorators declare them. */
interface DeclaredQuery {
  readonly names: readonly string[];
  readonly isPublic: boolean;
}

/**
 * Refuses query parameters that a route does not have, or that are given more than once, by their names. Public routes
 * ignore those that they do not have: browsers open them from links that carry parameters of their own, and Appmax and
 * monitoring call them. Routes whose query has a DTO are left to the pipe, which checks the values, too.
 */
@Injectable()
export class QueryGuard implements CanActivate {
  private readonly declared: RouteMetadata<DeclaredQuery>;

  constructor(reflector: Reflector) {
    this.declared = new RouteMetadata(reflector, (declared) => ({
      names: (declared(QUERY_TEXTS) ?? []) as readonly string[],
      isPublic: declared(ACCESS) === 'public',
    }));
  }

  /** @throws ApiError 400 `invalid query parameters`. */
  canActivate(context: ExecutionContext): boolean {
    const { query, headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const given = Object.entries(query as Record<string, unknown>);
    if (given.length === 0) return true;
    const { names, isPublic } = this.declared.of(context);
    // A browser gets the page for a missing parameter, which asks for it.
    if (isPublic && wantsPage(headers.accept)) return true;
    const errors = given.flatMap(([field, value]): FieldError[] => {
      if (names.includes(field))
        return Array.isArray(value) ? [{ field, message: `${field} must be given once` }] : [];
      if (isPublic || field === CACHE_BUSTER) return [];
      return [{ field, message: `there is no parameter ${field}` }];
    });
    if (errors.length > 0 && !hasDto(context)) throw invalidQuery(errors);
    return true;
  }
}

/** Returns true if a parameter of the route's handler is the whole query. */
function hasDto(context: ExecutionContext): boolean {
  const parameters = (Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    context.getClass(),
    context.getHandler().name,
  ) ?? {}) as object;
  return Object.keys(parameters).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`));
}
