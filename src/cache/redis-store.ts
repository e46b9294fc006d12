import { EventEmitter } from 'node:events';
import type { RedisClientType } from '@redis/client';
import type { RedisStore as RedisStoreOfLibrary } from 'cache-manager-redis-yet';
import type { KeyvStoreAdapter } from 'keyv';
import { attempt, DELETE_TIMEOUT_MILLISECONDS } from './attempt';
import { MemoryStore } from './memory-store';
import { probe } from './redis-client';

/** The entry in memory of a key that could not be deleted in Redis. */
const DELETED = Object.freeze({});

/**
 * A Keyv store on Redis. If Redis is down or slow, a read is a cache miss. A write that fails, or that Redis refuses (a
 * replica, a full memory, a missing permission), goes to this process's memory; from then on the memory counts for its
 * key, because Redis has an older value. The next write that succeeds ends that.
 */
export class RedisStore extends EventEmitter implements KeyvStoreAdapter {
  readonly opts = {};
  private readonly redis: Promise<RedisStoreOfLibrary>;
  private readonly fallback = new MemoryStore();

  /** @param prefix the prefix of every key. The library's own keyPrefix adds a colon, and some commands ignore it. */
  constructor(
    private readonly client: RedisClientType,
    private readonly prefix: string,
  ) {
    super();
    // Loaded only if the cache is on Redis.
    this.redis = import('cache-manager-redis-yet').then(({ redisInsStore }) =>
      redisInsStore(client as never),
    );
  }

  async get<Value>(key: string): Promise<Value | undefined> {
    const own = await this.fallback.get<Value>(key);
    if (own !== undefined) return own === DELETED ? undefined : own;
    return (await attempt('GET', async () => (await this.redis).get<Value>(this.prefix + key))).value;
  }

  async set(key: string, value: object, ttl?: number): Promise<boolean> {
    const { done } = await attempt('SET', async () => (await this.redis).set(this.prefix + key, value, ttl));
    return done ? this.fallback.delete(key).then(() => true) : this.fallback.set(key, value, ttl);
  }

  /**
   * @returns true for only one of several simultaneous callers: the one that deleted the key. If Redis refuses to delete
   * it, for one caller in each process.
   */
  async delete(key: string): Promise<boolean> {
    const own = this.fallback.swap(key, DELETED);
    const result = await attempt(
      'UNLINK',
      () => this.client.unlink(this.prefix + key),
      DELETE_TIMEOUT_MILLISECONDS,
    );
    if (result.done) this.fallback.deleteIf(key, DELETED);
    if (own !== undefined && own !== DELETED) return true;
    return result.done ? result.value > 0 : result.refused && own === undefined;
  }

  /** Removes only our keys. The library's own method uses FLUSHDB, which would empty the whole database. */
  async clear(): Promise<void> {
    await this.fallback.clear();
    for await (const key of this.client.scanIterator({ MATCH: `${this.prefix}*`, COUNT: 500 }))
      await this.client.unlink(key);
  }

  /** Returns true if Redis answers and accepts writes. */
  async ping(): Promise<boolean> {
    return (await attempt('PROBE', () => probe(this.client))).done;
  }

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    // EventEmitter throws on an `error` event without listeners; here, failures are already cache misses.
    return event === 'error' && this.listenerCount('error') === 0 ? false : super.emit(event, ...values);
  }
}
