import { EventEmitter } from 'node:events';
import type { RedisClientType } from '@redis/client';
import { redisInsStore, type RedisStore as RedisStoreOfLibrary } from 'cache-manager-redis-yet';
import type { KeyvStoreAdapter } from 'keyv';
import { attempt, DELETE_TIMEOUT_MILLISECONDS } from './attempt';
import { MemoryStore } from './memory-store';

/**
 * A Keyv store on Redis. If Redis is down or slow, a read is a cache miss, and a write goes to this process's memory,
 * so that the instance still has a small cache of its own.
 */
export class RedisStore extends EventEmitter implements KeyvStoreAdapter {
  readonly opts = {};
  private readonly redis: RedisStoreOfLibrary;
  private readonly fallback = new MemoryStore();

  /** @param prefix the prefix of every key. The library's own keyPrefix adds a colon, and some commands ignore it. */
  constructor(
    private readonly client: RedisClientType,
    private readonly prefix: string,
  ) {
    super();
    this.redis = redisInsStore(client as never);
  }

  async get<Value>(key: string): Promise<Value | undefined> {
    const found = await attempt(() => this.redis.get<Value>(this.prefix + key));
    return found.value ?? (await this.fallback.get<Value>(key));
  }

  async set(key: string, value: object, ttl?: number): Promise<boolean> {
    const { done } = await attempt(() => this.redis.set(this.prefix + key, value, ttl));
    return done || this.fallback.set(key, value, ttl);
  }

  /** @returns true for only one of several simultaneous callers: the one that deleted the key. */
  async delete(key: string): Promise<boolean> {
    const inMemory = await this.fallback.delete(key);
    const { value: removed = 0 } = await attempt(
      () => this.client.unlink(this.prefix + key),
      DELETE_TIMEOUT_MILLISECONDS,
    );
    return inMemory || removed > 0;
  }

  /** Removes only our keys. The library's own method uses FLUSHDB, which would empty the whole database. */
  async clear(): Promise<void> {
    await this.fallback.clear();
    for await (const key of this.client.scanIterator({ MATCH: `${this.prefix}*`, COUNT: 500 }))
      await this.client.unlink(key);
  }

  /** Returns true if Redis answers. */
  async ping(): Promise<boolean> {
    return (await attempt(() => this.client.ping())).done;
  }

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    // EventEmitter throws on an `error` event without listeners; here, failures are already cache misses.
    return event === 'error' && this.listenerCount('error') === 0 ? false : super.emit(event, ...values);
  }
}
