import { CacheModule as NestCacheModule } from '@nestjs/cache-manager';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { RedisClientType } from '@redis/client';
import Keyv from 'keyv';
import { CONFIG, type Config } from '../config';
import { AppCache } from './app-cache';
import { REDIS } from './attempt';
import { CACHE_PREFIX } from './cache-keys';
import { MemoryStore } from './memory-store';
import { redisClient } from './redis-client';
import { RedisStore } from './redis-store';
import { RequestCounts } from './request-counts';
import { TokenBuckets } from './token-buckets';

/** The module for the connection to Redis; it is null if the cache is this process's memory. */
@Module({
  providers: [
    {
      provide: REDIS,
      inject: [CONFIG],
      useFactory: ({ cache }: Config) => (cache.driver === 'redis' ? redisClient(cache) : null),
    },
  ],
  exports: [REDIS],
})
class RedisModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly client: RedisClientType | null) {}

  async onApplicationShutdown(): Promise<void> {
    await this.client?.disconnect().catch(() => undefined);
  }
}

/** The cache module for all modules: Nest's cache on Redis or on this process's memory. */
@Global()
@Module({
  imports: [
    RedisModule,
    NestCacheModule.registerAsync({
      imports: [RedisModule],
      inject: [REDIS],
      useFactory: (client: RedisClientType | null) => ({ stores: [keyvOn(client)] }),
    }),
  ],
  providers: [AppCache, RequestCounts, TokenBuckets],
  exports: [AppCache, RequestCounts, TokenBuckets],
})
export class CacheModule {}

function keyvOn(client: RedisClientType | null): Keyv {
  const store = client === null ? new MemoryStore() : new RedisStore(client, CACHE_PREFIX);
  // The stores keep objects; Keyv's own serialisation would encode JSON twice.
  return new Keyv({ store, useKeyPrefix: false, serialize: undefined, deserialize: undefined } as never);
}
