import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { unauthorized } from '../../common/errors/refusals';
import { CONFIG, type Config } from '../../config';
import { WebhookTally } from './webhook-tally';

/** Refuses webhooks without the WEBHOOK_TOKEN, if it is set. Nothing of them is stored. */
@Injectable()
export class WebhookTokenGuard implements CanActivate {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly tally: WebhookTally,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const { token } = context.switchToHttp().getRequest<FastifyRequest>().query as { token?: unknown };
    if (hasValidToken(this.config.webhookToken, token)) return true;
    this.tally.add('without the token');
    throw unauthorized();
  }
}

/** Returns true if the given token is the expected one, or if no token is expected. */
export function hasValidToken(token: string | undefined, given: unknown): boolean {
  if (token === undefined) return true;
  // Digests have equal lengths, so the duration of the comparison reveals nothing about the token.
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
