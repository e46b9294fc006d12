import { createHash } from 'node:crypto';
import { Module } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { RequestCounts } from '../cache';
import { type Config, CONFIG } from '../config';
import { LimitGuard } from './limit.guard';
import { limits } from './limits';
import { SharedStorage } from './shared-storage';

/** How often the routes that carry no secret may be called: Nest's throttler, with `RATE_LIMIT=on`. */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [CONFIG, RequestCounts, Reflector],
      useFactory: ({ rateLimit }: Config, counts: RequestCounts, reflector: Reflector) => ({
        throttlers: limits(reflector, rateLimit),
        storage: new SharedStorage(counts),
        setHeaders: false,
        // One count over all routes of a kind, under a digest: addresses are not for Redis to keep.
        generateKey: (_, subject) => createHash('sha256').update(subject).digest('base64url'),
      }),
    }),
  ],
  providers: [{ provide: APP_GUARD, useClass: LimitGuard }],
})
export class LimitsModule {}
