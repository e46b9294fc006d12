import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { tooManyRequests } from '../errors/too-many-requests';
import { DocumentsErrors } from '../openapi/operation';
import { SetFastifyAccess } from './route-level';
import { unauthorized } from './unauthorized';

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
