import {
  applyDecorators,
  createParamDecorator,
  type CustomDecorator,
  type ExecutionContext,
  SetMetadata,
} from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { tooManyRequests, unauthorized } from '../errors/refusals';
import { DocumentsErrors } from '../openapi/operation';
import { SetFastifyAccess } from './route-level';

/**
 * The callers that a route accepts. `public`: all. `storefront`: all that know an installation's external_key, such as
 * a shopper's browser. `secret`: only callers with one of API_SECRET_KEYS, such as the merchant's own servers.
 */
export type AccessLevel = 'public' | 'storefront' | 'secret';

export const ACCESS = 'access';

/** The name of the secret keys' security scheme in the OpenAPI document. */
export const SECRET_KEY_SCHEME = 'secretKey';

const DOCUMENTATION: Readonly<Partial<Record<AccessLevel, readonly (MethodDecorator & ClassDecorator)[]>>> = {
  // Storefront routes have rate limits.
  storefront: [DocumentsErrors(tooManyRequests(60))],
  secret: [ApiSecurity(SECRET_KEY_SCHEME), DocumentsErrors(unauthorized())],
};

/** Declares who may call a route, and documents it. A route without this decorator answers 401 to every call. */
export const Access = (level: AccessLevel): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(ACCESS, level), SetFastifyAccess(level), ...(DOCUMENTATION[level] ?? []));

/** The field that the guard sets on a request. */
export interface RequestAccess {
  holdsSecretKey?: boolean;
}

/** Injects true if the request has a valid secret key, for public routes that allow more with one. */
export const HoldsSecretKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): boolean =>
    context.switchToHttp().getRequest<RequestAccess>().holdsSecretKey === true,
);

/**
 * The rate limit of a route. `payment`: routes on which cards can be tested. `storefront`: other storefront routes.
 * `installation`: public routes that call Appmax.
 */
export type RateLimitKind = 'payment' | 'storefront' | 'installation';

export const LIMITED_AS = 'limited-as';

/** Sets the rate limit of a route, instead of its default. */
export const LimitedAs = (kind: RateLimitKind): CustomDecorator => SetMetadata(LIMITED_AS, kind);

/** The metadata key of routes that work without the database. */
export const WITHOUT_DATABASE = 'without database';

/** Declares that a route, or all routes of a controller, are answered also while the database is not migrated. */
export const WithoutDatabase = (): ClassDecorator & MethodDecorator => SetMetadata(WITHOUT_DATABASE, true);
