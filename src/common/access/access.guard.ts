import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { insufficientScope, unauthorized } from '../errors/refusals';
import { callerAddress } from '../http/client-address';
import { markStranger } from '../http/request-context';
import { ACCESS, type AccessLevel, SCOPE, SHOP_KEYS } from './access.decorator';
import {
  bearerToken,
  type KeyHolder,
  type KeyScope,
  mayAct,
  type RequestAccess,
  shopInPath,
  type SignedIn,
  type StoredKeys,
} from './key-holder';
import { RouteMetadata } from './route-metadata';
import type { SecretKeys } from './secret-keys';

/** The callers of a route, as its decorators declare them. */
interface DeclaredAccess {
  readonly level: AccessLevel | undefined;
  readonly scope: KeyScope | undefined;
  readonly acceptsShopKeys: boolean;
}

/** Checks a request against its route's @Access. A route without @Access accepts no request. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly declared: RouteMetadata<DeclaredAccess>;

  constructor(
    reflector: Reflector,
    private readonly rootKeys: SecretKeys,
    private readonly storedKeys: StoredKeys,
    private readonly signedIn: SignedIn,
  ) {
    this.declared = new RouteMetadata(reflector, (declared) => ({
      level: declared(ACCESS) as AccessLevel | undefined,
      scope: declared(SCOPE) as KeyScope | undefined,
      acceptsShopKeys: declared(SHOP_KEYS) === true,
    }));
  }

  /** @throws ApiError 401 without a valid key, 403 for a key that lacks the scope or is bound to another shop. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & RequestAccess>();
    const access = this.declared.of(context);
    if (access.level !== 'public' && access.level !== 'storefront') return this.checkKey(request, access);
    // Most requests of shoppers and all of Appmax have no key: they need no promise.
    if (request.headers.authorization !== undefined) return this.readKey(request);
    this.record(request, undefined);
    return true;
  }

  /** Finds the key of a request that needs none. A failed lookup counts as no key, such as /health without the database. */
  private async readKey(request: FastifyRequest & RequestAccess): Promise<boolean> {
    this.record(request, await this.holderOf(request).catch(() => undefined));
    return true;
  }

  private async checkKey(
    request: FastifyRequest & RequestAccess,
    { level, scope, acceptsShopKeys }: DeclaredAccess,
  ): Promise<boolean> {
    if (level !== 'secret' || scope === undefined) throw unauthorized();
    // Only secret routes accept the cookie: elsewhere an operator's browser is a shopper's like any other.
    const holder =
      request.headers.authorization === undefined
        ? await this.signedIn.holderOf(request)
        : await this.holderOf(request);
    if (holder === undefined) throw unauthorized();
    this.record(request, holder);
    const shop = acceptsShopKeys ? holder.shop?.externalKey : shopInPath(request);
    if (!mayAct(holder, scope, shop)) throw insufficientScope();
    return true;
  }

  private record(request: FastifyRequest & RequestAccess, holder: KeyHolder | undefined): void {
    request.keyHolder = holder;
    request.holdsSecretKey = mayAct(holder, 'operate', shopInPath(request));
    if (request.holdsSecretKey) return;
    // Read now: a connection that is closed has no address.
    const { ip } = request;
    markStranger(() => callerAddress({ ip }));
  }

  private async holderOf({ headers }: FastifyRequest): Promise<KeyHolder | undefined> {
    const token = bearerToken(headers.authorization);
    if (token === undefined) return undefined;
    return this.rootKeys.holderOf(token) ?? this.storedKeys.find(token);
  }
}
