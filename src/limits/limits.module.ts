import { createHash } from 'node:crypto';
import { type ExecutionContext, Injectable, Module } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerLimitDetail, ThrottlerModule } from '@nestjs/throttler';
import { RequestCounts } from '../cache';
import { tooManyRequests } from '../common/errors/refusals';
import { CONFIG, type Config } from '../config';
import { limits } from './limits';
import { SharedStorage } from './shared-storage';

/** Nest's throttler guard, with our own error response. */
@Injectable()
class LimitGuard extends ThrottlerGuard {
  protected override throwThrottlingException(
    _: ExecutionContext,
    { timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    return Promise.reject(tooManyRequests(timeToBlockExpire));
  }
}

/** The module that limits the requests to routes without a secret: Nest's throttler, if `RATE_LIMIT=on`. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [CONFIG, RequestCounts, Reflector],
      useFactory: ({ rateLimit }: Config, counts: RequestCounts, reflector: Reflector) => ({
        throttlers: limits(reflector, rateLimit),
        storage: new SharedStorage(counts),
        setHeaders: false,
        // One count for all routes of a kind. The key is a digest, so that Redis stores no IP addresses.
        generateKey: (_, subject) => createHash('sha256').update(subject).digest('base64url'),
      }),
    }),
  ],
  providers: [{ provide: APP_GUARD, useClass: LimitGuard }],
})
export class LimitsModule {}
