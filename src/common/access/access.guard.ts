import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { unauthorized } from '../errors/refusals';
import { callerAddress } from '../http/client-address';
import { markStranger } from '../http/request-context';
import { ACCESS, type AccessLevel, type RequestAccess } from './access.decorator';
import { SecretKeys } from './secret-keys';

/** Checks a request against its route's @Access. A route without @Access accepts no request. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: SecretKeys,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest & RequestAccess>();
    const level = this.reflector.getAllAndOverride<AccessLevel | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    request.holdsSecretKey = this.keys.accepts(request.headers.authorization);
    if (!request.holdsSecretKey) markStranger(() => callerAddress(request));
    if (level === 'public' || level === 'storefront' || (level === 'secret' && request.holdsSecretKey))
      return true;
    throw unauthorized();
  }
}
