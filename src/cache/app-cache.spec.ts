import type { RedisClientType } from '@redis/client';
import { createCache } from 'cache-manager';
import Keyv from 'keyv';
import { AppCache } from './app-cache';
import { MemoryStore } from './memory-store';
import { RedisStore } from './redis-store';

/** A fake Redis that refuses every command. */
const refusing = new Proxy({}, { get: () => () => Promise.reject(new Error('The client is closed')) });

function cacheOn(store: MemoryStore | RedisStore): AppCache {
  const keyv = new Keyv({
    store,
    useKeyPrefix: false,
    serialize: undefined,
    deserialize: undefined,
  } as never);
  return new AppCache(createCache({ stores: [keyv] }));
}

describe.each([
  ['memory', () => new MemoryStore()],
  ['a Redis that is down', () => new RedisStore(refusing as RedisClientType, 'test_')],
])('AppCache on %s', (_, store) => {
  let cache: AppCache;

  beforeEach(() => {
    cache = cacheOn(store());
  });

  it('a value is found until it is deleted', async () => {
    expect(await cache.get('a')).toBeUndefined();
    await cache.set('a', { name: 'Shop' }, 60);
    expect(await cache.get('a')).toEqual({ name: 'Shop' });
    await cache.delete('a');
    expect(await cache.get('a')).toBeUndefined();
  });

  it('of simultaneous takes of a value, one gets it', async () => {
    await cache.set('a', { name: 'Shop' }, 60);
    const taken = await Promise.all(Array.from({ length: 20 }, () => cache.take('a')));
    expect(taken.filter((value) => value !== undefined)).toEqual([{ name: 'Shop' }]);
    expect(await cache.take('a')).toBeUndefined();
  });

  it('a take of a missing value returns nothing', async () => {
    expect(await cache.take('a')).toBeUndefined();
  });
});

describe('AppCache.isReachable', () => {
  it('the cache in memory is reachable', async () => {
    expect(await cacheOn(new MemoryStore()).isReachable()).toBe(true);
  });

  it('a Redis that is down is not reachable', async () => {
    expect(await cacheOn(new RedisStore(refusing as RedisClientType, 'test_')).isReachable()).toBe(false);
  });
});
