import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { unauthorized } from '../common/errors/refusals';
import { KeyedDigest } from '../common/secrets/keyed-digest';
import { CONFIG, type Config } from '../config';
import { orderNotFound } from '../orders';

/** An order as a request names it: the merchant's external_key, the order's id at Appmax, and its token. */
export interface NamedOrder {
  readonly key: string;
  readonly orderId: number;
  readonly token: string | undefined;
}

/** Decides what the storefront may do with orders (`STOREFRONT_ORDERS`), and issues the tokens of orders. */
@Injectable()
export class StorefrontOrders {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'storefrontOrders'>,
    private readonly digest: KeyedDigest,
  ) {}

  /** Returns the token of an order. It is a keyed digest of the order's id, so it is not stored. */
  tokenOf({ key, orderId }: Pick<NamedOrder, 'key' | 'orderId'>): string {
    return this.tokens({ key, orderId })[0];
  }

  /** Returns true if the token is the order's. */
  hasToken({ token, ...order }: NamedOrder): boolean {
    const given = Buffer.from(token ?? '');
    return this.tokens(order)
      .map((each) => Buffer.from(each))
      .some((each) => each.length === given.length && timingSafeEqual(each, given));
  }

  /** @throws ApiError 404 `order not found`, with `tokens`, if the token is not the order's. */
  requireToken(order: NamedOrder): void {
    if (this.config.storefrontOrders === 'tokens' && !this.hasToken(order)) throw orderNotFound();
  }

  /** @throws ApiError 401, with `sessions`, if the caller has no secret key: its browser would set the price. */
  requireMaker(holdsSecretKey: boolean): void {
    if (this.config.storefrontOrders === 'sessions' && !holdsSecretKey) throw unauthorized();
  }

  private tokens({ key, orderId }: Pick<NamedOrder, 'key' | 'orderId'>): readonly [string, ...string[]] {
    return this.digest.of(['order token', key, orderId]);
  }
}
