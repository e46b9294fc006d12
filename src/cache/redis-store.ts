import { EventEmitter } from 'node:events';
import type { RedisClientType } from '@redis/client';
import { redisInsStore, type RedisStore as RedisStoreOfLibrary } from 'cache-manager-redis-yet';
import type { KeyvStoreAdapter } from 'keyv';
import { attempt, TAKING_MILLISECONDS } from './attempt';
import { MemoryStore } from './memory-store';

/**
 * A Keyv store on Redis for which a Redis that is down, slow or dying is never more than a miss: what can't be
 * written there is kept in this process's memory, so that one instance goes on as if it had its own small cache.
 */
export class RedisStore extends EventEmitter implements KeyvStoreAdapter {
  readonly opts = {};
  private readonly redis: RedisStoreOfLibrary;
  private readonly fallback = new MemoryStore();

  /** @param prefix stands before every key: the library's own keyPrefix adds a colon and is forgotten by some commands. */
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

  /** @returns true for the one caller, of any number at once, who really took the key out. */
  async delete(key: string): Promise<boolean> {
    const inMemory = await this.fallback.delete(key);
    const { value: removed = 0 } = await attempt(
      () => this.client.unlink(this.prefix + key),
      TAKING_MILLISECONDS,
    );
    return inMemory || removed > 0;
  }

  /** Removes our keys and nobody else's: FLUSHDB, the library's own way, would empty the whole database. */
  async clear(): Promise<void> {
    await this.fallback.clear();
    for await (const key of this.client.scanIterator({ MATCH: `${this.prefix}*`, COUNT: 500 }))
      await this.client.unlink(key);
  }

  /** Whether Redis answers now. */
  async ping(): Promise<boolean> {
    return (await attempt(() => this.client.ping())).done;
  }

  override emit(event: string | symbol, ...words: unknown[]): boolean {
    // Keyv and EventEmitter throw on an `error` that nobody hears; failures are already misses here.
    return event === 'error' && this.listenerCount('error') === 0 ? false : super.emit(event, ...words);
  }
}
