import { type Cache, CACHE_MANAGER } from '@nestjs/cache-manager';
import { Inject, Injectable } from '@nestjs/common';
import { RedisStore } from './redis-store';

/** The cache for all modules. Losing it costs speed, never a request. */
@Injectable()
export class AppCache {
  constructor(@Inject(CACHE_MANAGER) private readonly cache: Cache) {}

  get<Value>(key: string): Promise<Value | undefined> {
    return this.cache.get<Value>(key);
  }

  async set(key: string, value: unknown, seconds: number): Promise<void> {
    await this.cache.set(key, value, seconds * 1000);
  }

  async delete(key: string): Promise<void> {
    await this.cache.del(key);
  }

  /** Reads and deletes a value. Of several simultaneous callers, on any instances, only one gets it. */
  async take<Value>(key: string): Promise<Value | undefined> {
    const value = await this.cache.get<Value>(key);
    if (value === undefined) return undefined;
    const [store] = this.cache.stores;
    return (await store?.delete(key)) === true ? value : undefined;
  }

  /** Returns true if the configured cache answers and accepts writes. */
  async isReachable(): Promise<boolean> {
    const store: unknown = this.cache.stores[0]?.store;
    return store instanceof RedisStore ? store.ping() : true;
  }
}
