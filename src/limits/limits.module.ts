import { createHash } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable, Module } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerLimitDetail, ThrottlerModule } from '@nestjs/throttler';
import { RequestCounts } from '../cache';
import { tooManyRequests } from '../common/errors/refusals';
import { CONFIG, type Config } from '../config';
import { type LimitKinds, limitKinds, limits } from './limits';
import { SharedStorage } from './shared-storage';

/** Nest's throttler guard, with our own error response. */
@Injectable()
class Throttler extends ThrottlerGuard {
  protected override throwThrottlingException(
    _: ExecutionContext,
    { timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    return Promise.reject(tooManyRequests(timeToBlockExpire));
  }
}

/** Lets requests without a limit pass; the throttler would look at each of its limits for them. */
@Injectable()
class LimitGuard implements CanActivate {
  private readonly kinds: LimitKinds;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    reflector: Reflector,
    private readonly throttler: Throttler,
  ) {
    this.kinds = limitKinds(reflector);
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (!this.config.rateLimit || this.kinds.of(context) === undefined) return true;
    return this.throttler.canActivate(context);
  }
}

/** The module that limits the requests to routes without a secret: Nest's throttler, if `RATE_LIMIT=on`. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [RequestCounts, Reflector],
      useFactory: (counts: RequestCounts, reflector: Reflector) => ({
        throttlers: limits(limitKinds(reflector)),
        storage: new SharedStorage(counts),
        setHeaders: false,
        // One count for all routes of a kind. The key is a digest, so that Redis stores no IP addresses.
        generateKey: (_, subject) => createHash('sha256').update(subject).digest('base64url'),
      }),
    }),
  ],
  providers: [Throttler, { provide: APP_GUARD, useClass: LimitGuard }],
})
export class LimitsModule {}
