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
  type StoredKeys,
} from './key-holder';
import type { SecretKeys } from './secret-keys';

/** Checks a request against its route's @Access. A route without @Access accepts no request. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly rootKeys: SecretKeys,
    private readonly storedKeys: StoredKeys,
  ) {}

  /** @throws ApiError 401 without a valid key, 403 for a key that lacks the scope or is bound to another shop. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & RequestAccess>();
    const level = this.metadata(ACCESS, context) as AccessLevel | undefined;
    if (level === 'public' || level === 'storefront') {
      // A failed lookup counts as no key: these routes also work without one, such as /health without the database.
      this.record(request, await this.holderOf(request).catch(() => undefined));
      return true;
    }
    const scope = this.metadata(SCOPE, context) as KeyScope | undefined;
    if (level !== 'secret' || scope === undefined) throw unauthorized();
    const holder = await this.holderOf(request);
    if (holder === undefined) throw unauthorized();
    this.record(request, holder);
    const shop = this.metadata(SHOP_KEYS, context) === true ? holder.shop?.externalKey : shopInPath(request);
    if (!mayAct(holder, scope, shop)) throw insufficientScope();
    return true;
  }

  private record(request: FastifyRequest & RequestAccess, holder: KeyHolder | undefined): void {
    request.keyHolder = holder;
    request.holdsSecretKey = mayAct(holder, 'operate', shopInPath(request));
    if (!request.holdsSecretKey) markStranger(() => callerAddress(request));
  }

  private async holderOf({ headers }: FastifyRequest): Promise<KeyHolder | undefined> {
    const token = bearerToken(headers.authorization);
    if (token === undefined) return undefined;
    return this.rootKeys.holderOf(token) ?? this.storedKeys.find(token);
  }

  private metadata(name: string, context: ExecutionContext): unknown {
    return this.reflector.getAllAndOverride<unknown>(name, [context.getHandler(), context.getClass()]);
  }
}
