import { ErrorReply, type RedisClientType } from '@redis/client';
import { RedisStore } from './redis-store';

const PREFIX = 'appmax_checkout_';

/** The behaviour of a fake Redis: it answers, never answers, refuses, or refuses only writes, with this error. */
type Mood = 'answers' | 'hangs' | 'refuses' | `${'READONLY' | 'OOM' | 'MISCONF' | 'NOPERM'} ${string}`;

/** A fake Redis client on a map, with the commands that the store uses. */
class FakeRedis {
  mood: Mood = 'answers';
  readonly values = new Map<string, string>();
  readonly lifetimes = new Map<string, number>();
  calls = 0;

  get(key: string): Promise<string | null> {
    return this.answer(() => this.values.get(key) ?? null);
  }

  set(key: string, value: string, options?: { PX?: number }): Promise<string> {
    return this.write(() => {
      this.values.set(key, value);
      if (options?.PX !== undefined) this.lifetimes.set(key, options.PX);
      return 'OK';
    });
  }

  unlink(keys: string | string[]): Promise<number> {
    return this.write(() => [keys].flat().filter((key) => this.values.delete(key)).length);
  }

  ping(): Promise<string> {
    return this.answer(() => 'PONG');
  }

  async *scanIterator({ MATCH }: { MATCH: string }): AsyncGenerator<string> {
    await Promise.resolve();
    const start = MATCH.replace(/\*$/, '');
    for (const key of [...this.values.keys()]) if (key.startsWith(start)) yield key;
  }

  private write<Value>(work: () => Value): Promise<Value> {
    const isReadable = ['answers', 'hangs', 'refuses'].includes(this.mood);
    return this.answer(isReadable ? work : () => Promise.reject(new ErrorReply(this.mood)) as never);
  }

  private answer<Value>(work: () => Value): Promise<Value> {
    this.calls += 1;
    if (this.mood === 'hangs') return new Promise(() => undefined);
    if (this.mood === 'refuses') return Promise.reject(new Error('The client is closed'));
    return Promise.resolve(work());
  }
}

function storeOn(redis: FakeRedis): RedisStore {
  return new RedisStore(redis as unknown as RedisClientType, PREFIX);
}

/** Measures a call. @returns its result and the milliseconds that it took. */
async function timed<Value>(call: Promise<Value>): Promise<{ value: Value; milliseconds: number }> {
  const start = performance.now();
  const value = await call;
  return { value, milliseconds: performance.now() - start };
}

describe('RedisStore', () => {
  let redis: FakeRedis;
  let store: RedisStore;

  beforeEach(() => {
    redis = new FakeRedis();
    store = storeOn(redis);
  });

  it('values are stored in Redis under the prefix, with their time to live, as JSON', async () => {
    expect(await store.set('a', { value: 1 }, 5_000)).toBe(true);
    expect([...redis.values]).toEqual([[`${PREFIX}a`, '{"value":1}']]);
    expect(redis.lifetimes.get(`${PREFIX}a`)).toBe(5_000);
    expect(await store.get('a')).toEqual({ value: 1 });
    expect(await storeOn(redis).get('a')).toEqual({ value: 1 });
  });

  it('a key that was never set has no value', async () => {
    expect(await store.get('a')).toBeUndefined();
  });

  it('a value that is not JSON counts as missing', async () => {
    redis.values.set(`${PREFIX}a`, 'not json');
    expect(await store.get('a')).toBeUndefined();
  });

  it.each<Mood>(['hangs', 'refuses'])('the store uses its memory while Redis %s', async (mood) => {
    redis.mood = mood;
    expect(await store.get('a')).toBeUndefined();
    expect(await store.set('a', { value: 1 }, 60_000)).toBe(true);
    expect(await store.get('a')).toEqual({ value: 1 });
    expect(await storeOn(redis).get('a')).toBeUndefined();
    expect(await store.delete('a')).toBe(true);
    expect(await store.get('a')).toBeUndefined();
    expect(await store.delete('a')).toBe(false);
    expect(redis.values.size).toBe(0);
  });

  it('a value in Redis is missing while Redis does not answer, and found afterwards', async () => {
    await store.set('a', { value: 1 }, 60_000);
    redis.mood = 'hangs';
    expect(await store.get('a')).toBeUndefined();
    redis.mood = 'answers';
    expect(await store.get('a')).toEqual({ value: 1 });
  });

  it('an operation without an answer fails after its timeout', async () => {
    redis.mood = 'hangs';
    const operations = [
      store.get('a'),
      store.set('a', { value: 1 }, 60_000),
      store.delete('b'),
      store.ping(),
    ];
    for (const { milliseconds } of await Promise.all(
      operations.map((operation) => timed<unknown>(operation)),
    )) {
      expect(milliseconds).toBeGreaterThan(100);
      expect(milliseconds).toBeLessThan(2_000);
    }
    expect(redis.calls).toBe(4);
  });

  it('a value that was stored in memory is still found when Redis is back', async () => {
    redis.mood = 'refuses';
    await store.set('a', { value: 1 }, 60_000);
    redis.mood = 'answers';
    expect(await store.get('a')).toEqual({ value: 1 });
  });

  it('of simultaneous removals of a key by several stores, one succeeds', async () => {
    await store.set('a', { value: 1 }, 60_000);
    const stores = [store, storeOn(redis), storeOn(redis)];
    const removals = await Promise.all([...stores, ...stores].map((each) => each.delete('a')));
    expect(removals.filter((removed) => removed)).toHaveLength(1);
    expect(await store.get('a')).toBeUndefined();
  });

  it('a removal removes the value in memory and in Redis', async () => {
    redis.mood = 'refuses';
    await store.set('a', { value: 1 }, 60_000);
    redis.mood = 'answers';
    await store.set('a', { value: 2 }, 60_000);
    expect(await store.delete('a')).toBe(true);
    expect(await store.get('a')).toBeUndefined();
    expect(await store.delete('a')).toBe(false);
  });

  it('a clear removes only the keys under the prefix', async () => {
    redis.values.set('someone_elses', '"kept"');
    await store.set('a', { value: 1 }, 60_000);
    await store.set('b', { value: 2 }, 60_000);
    redis.mood = 'refuses';
    await store.set('c', { value: 3 }, 60_000);
    redis.mood = 'answers';
    await store.clear();
    expect([...redis.values.keys()]).toEqual(['someone_elses']);
    expect(await store.get('c')).toBeUndefined();
  });

  it.each<[Mood, boolean]>([
    ['answers', true],
    ['hangs', false],
    ['refuses', false],
  ])('Redis that %s is reachable: %s', async (mood, expected) => {
    redis.mood = mood;
    expect(await store.ping()).toBe(expected);
  });

  it.each<Mood>([
    "READONLY You can't write against a read only replica.",
    "OOM command not allowed when used memory > 'maxmemory'.",
    'MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist to disk.',
    "NOPERM this user has no permissions to run the 'set' command",
  ])('a Redis that answers reads and refuses writes (%s) gives no old value', async (mood) => {
    await store.set('token', { value: 'old' }, 60_000);
    redis.mood = mood;
    expect(await store.ping()).toBe(false);
    expect(await store.get('token')).toEqual({ value: 'old' });
    // Of simultaneous callers one gets the value, although it stays in Redis.
    const removals = await Promise.all([store.delete('token'), store.delete('token'), store.delete('token')]);
    expect(removals.filter((removed) => removed)).toHaveLength(1);
    expect(await store.get('token')).toBeUndefined();
    expect(await store.set('token', { value: 'new' }, 60_000)).toBe(true);
    expect(await store.get('token')).toEqual({ value: 'new' });
    redis.mood = 'answers';
    expect(await store.get('token')).toEqual({ value: 'new' });
    await store.set('token', { value: 'newest' }, 60_000);
    expect([...redis.values]).toEqual([[`${PREFIX}token`, '{"value":"newest"}']]);
    expect(await storeOn(redis).get('token')).toEqual({ value: 'newest' });
    expect(await store.get('token')).toEqual({ value: 'newest' });
  });

  it('a value that could not be deleted stays deleted for this process until it is written again', async () => {
    await store.set('state', { value: 1 }, 60_000);
    redis.mood = 'hangs';
    expect(await store.delete('state')).toBe(false);
    redis.mood = 'answers';
    expect(await store.get('state')).toBeUndefined();
    await store.set('state', { value: 2 }, 60_000);
    expect(await store.get('state')).toEqual({ value: 2 });
    expect(await store.delete('state')).toBe(true);
    await storeOn(redis).set('state', { value: 3 }, 60_000);
    expect(await store.get('state')).toEqual({ value: 3 });
  });

  it('an error event reaches its listeners, and does not throw without one', () => {
    const error = new Error('The connection is gone');
    expect(store.emit('error', error)).toBe(false);
    const heard = jest.fn();
    store.on('error', heard);
    expect(store.emit('error', error)).toBe(true);
    expect(heard).toHaveBeenCalledWith(error);
  });
});
