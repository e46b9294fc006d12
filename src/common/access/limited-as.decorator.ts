import { type CustomDecorator, SetMetadata } from '@nestjs/common';

/**
 * The rate limit of a route. `payment`: routes on which cards can be tested. `storefront`: other storefront routes.
 * `installation`: public routes that call Appmax.
 */
export type RateLimitKind = 'payment' | 'storefront' | 'installation';

export const LIMITED_AS = 'limited-as';

/** Sets the rate limit of a route, instead of its default. */
export const LimitedAs = (kind: RateLimitKind): CustomDecorator => SetMetadata(LIMITED_AS, kind);
