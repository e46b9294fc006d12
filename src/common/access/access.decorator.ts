import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { tooManyRequests } from '../errors/too-many-requests';
import { Refuses } from '../openapi/operation';
import { TellFastify } from './route-level';
import { unauthorized } from './unauthorized';

/**
 * Who may call a route. `public`: anyone. `storefront`: anyone who names an installation by its external_key, such as
 * a shopper's browser. `secret`: the merchant's own servers, by one of API_SECRET_KEYS.
 */
export type AccessLevel = 'public' | 'storefront' | 'secret';

export const ACCESS = 'access';

/** What the API's document calls the secret keys. */
export const SECRET_KEY_SCHEME = 'secretKey';

const DOCUMENTATION: Readonly<Partial<Record<AccessLevel, readonly (MethodDecorator & ClassDecorator)[]>>> = {
  // Storefront routes are those with limits.
  storefront: [Refuses(tooManyRequests(60))],
  secret: [ApiSecurity(SECRET_KEY_SCHEME), Refuses(unauthorized())],
};

/** Declares who may call a route, and documents it. A route without it can be called by nobody. */
export const Access = (level: AccessLevel): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(ACCESS, level), TellFastify(level), ...(DOCUMENTATION[level] ?? []));

/** What the guard notes on a request. */
export interface CallerNote {
  holdsSecretKey?: boolean;
}

/** Whether the caller showed a secret key, for public routes that do more for those who did. */
export const HoldsSecretKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): boolean =>
    context.switchToHttp().getRequest<CallerNote>().holdsSecretKey === true,
);
