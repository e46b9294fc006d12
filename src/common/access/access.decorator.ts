import {
  createParamDecorator,
  SetMetadata,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';

/**
 * Who may call a route. `public`: anyone. `storefront`: anyone who names an installation by its external_key, such as
 * a shopper's browser. `secret`: the merchant's own servers, by one of API_SECRET_KEYS.
 */
export type AccessLevel = 'public' | 'storefront' | 'secret';

export const ACCESS = 'access';

/** Declares who may call a route. A route without it can be called by nobody. */
export const Access = (level: AccessLevel): CustomDecorator => SetMetadata(ACCESS, level);

/** What the guard notes on a request. */
export interface CallerNote {
  holdsSecretKey?: boolean;
}

/** Whether the caller showed a secret key, for public routes that do more for those who did. */
export const HoldsSecretKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): boolean =>
    context.switchToHttp().getRequest<CallerNote>().holdsSecretKey === true,
);
