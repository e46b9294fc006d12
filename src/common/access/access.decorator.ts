import {
  applyDecorators,
  createParamDecorator,
  type CustomDecorator,
  type ExecutionContext,
  SetMetadata,
} from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { invalidQuery } from '../errors/api-error';
import { insufficientScope, tooManyRequests, unauthorized } from '../errors/refusals';
import { DocumentsErrors } from '../openapi/operation';
import { type KeyHolder, type KeyScope, mayAct, type RequestAccess, shopInPath } from './key-holder';
import { SetFastifyAccess } from './route-level';

/**
 * The callers that a route accepts. `public`: all. `storefront`: all that know an installation's external_key, such as
 * a shopper's browser. `secret`: only callers with a secret key that has the route's scope, such as the merchant's own
 * servers.
 */
export type AccessLevel = 'public' | 'storefront' | 'secret';

export const ACCESS = 'access';

/** The metadata key of the scope of a secret route. */
export const SCOPE = 'access-scope';

/** The metadata key of secret routes that accept keys that are bound to a shop, although no shop is in their path. */
export const SHOP_KEYS = 'access-shop-keys';

/** The name of the secret keys' security scheme in the OpenAPI document. */
export const SECRET_KEY_SCHEME = 'secretKey';

const UNKNOWN_PARAMETER = invalidQuery([{ field: 'page', message: 'there is no parameter page' }]);

const DOCUMENTATION: Readonly<Partial<Record<AccessLevel, readonly (MethodDecorator & ClassDecorator)[]>>> = {
  // Storefront routes have rate limits.
  storefront: [DocumentsErrors(UNKNOWN_PARAMETER, tooManyRequests(60))],
  secret: [
    ApiSecurity(SECRET_KEY_SCHEME),
    DocumentsErrors(UNKNOWN_PARAMETER, unauthorized(), insufficientScope()),
  ],
};

/**
 * Declares who may call a route, and documents it. A route without this decorator, or a secret route without a scope,
 * answers 401 to every call.
 */
export const Access = (
  ...[level, scope]: [level: 'public' | 'storefront'] | [level: 'secret', scope: KeyScope]
): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, level),
    SetMetadata(SCOPE, scope),
    SetFastifyAccess(level, scope),
    ...(DOCUMENTATION[level] ?? []),
  );

/**
 * Declares that a secret route without a shop in its path accepts keys that are bound to a shop. Its handler must show
 * and change only what is of the shop that {@link ShopOfKey} injects.
 */
export const AcceptsShopKeys = (): CustomDecorator => SetMetadata(SHOP_KEYS, true);

/** The metadata key of {@link Audited}. */
export const AUDITED = 'audited';

/** `request`: requests with a key are recorded, although they are GETs. `service`: the service records them itself. */
export type AuditedBy = 'request' | 'service';

/** Declares how a route gets into the audit log. Without it, all changes that are made with a key are recorded. */
export const Audited = (by: AuditedBy): CustomDecorator => SetMetadata(AUDITED, by);

const accessOf = (context: ExecutionContext): FastifyRequest & RequestAccess =>
  context.switchToHttp().getRequest<FastifyRequest & RequestAccess>();

/**
 * Injects true if the request has a valid secret key, for routes that allow more with one. The key must have the scope,
 * by default `operate`, for the shop in the path, or for all shops if the path has none.
 */
export const HoldsSecretKey = createParamDecorator(
  (scope: KeyScope | undefined, context: ExecutionContext): boolean => {
    const request = accessOf(context);
    return mayAct(request.keyHolder, scope ?? 'operate', shopInPath(request));
  },
);

/** Injects the holder of the request's key; undefined without a valid one. */
export const CurrentKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): KeyHolder | undefined => accessOf(context).keyHolder,
);

/** Injects the external_key of the shop to which the request's key is bound; undefined if it is valid for all shops. */
export const ShopOfKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined =>
    accessOf(context).keyHolder?.shop?.externalKey,
);

/**
 * The rate limit of a route. `payment`: routes on which cards can be tested. `storefront`: other storefront routes.
 * `installation`: public routes that call Appmax. `sign_in`: routes at which keys can be guessed.
 */
export type RateLimitKind = 'payment' | 'storefront' | 'installation' | 'sign_in';

export const LIMITED_AS = 'limited-as';

/** Sets the rate limit of a route, instead of its default. */
export const LimitedAs = (kind: RateLimitKind): CustomDecorator => SetMetadata(LIMITED_AS, kind);

/** The metadata key of routes that work without the database. */
export const WITHOUT_DATABASE = 'without database';

/** Declares that a route, or all routes of a controller, are answered also while the database is not migrated. */
export const WithoutDatabase = (): ClassDecorator & MethodDecorator => SetMetadata(WITHOUT_DATABASE, true);
