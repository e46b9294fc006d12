import { SetMetadata, type CustomDecorator } from '@nestjs/common';

/**
 * How often a route may be called. `payment`: where a card can be tried, rarely. `storefront`: the other ones.
 * `installation`: where Appmax is asked before anybody is known.
 */
export type LimitKind = 'payment' | 'storefront' | 'installation';

export const LIMITED_AS = 'limited-as';

/** Declares another limit for a route than the one that it has by itself. */
export const LimitedAs = (kind: LimitKind): CustomDecorator => SetMetadata(LIMITED_AS, kind);
