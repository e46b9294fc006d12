import { SetMetadata, type CustomDecorator } from '@nestjs/common';

/** How often a route may be called. `payment`: where a card can be tried, rarely. `storefront`: the other ones. */
export type LimitKind = 'payment' | 'storefront';

export const LIMITED_AS = 'limited-as';

/** Declares another limit for a storefront route than the one that it has by itself. */
export const LimitedAs = (kind: LimitKind): CustomDecorator => SetMetadata(LIMITED_AS, kind);
