import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryStore } from './memory-store';

describe('MemoryStore', () => {
  it('a value is stored under its key', async () => {
    const store = new MemoryStore();
    expect(await store.set('a', { value: 1 }, 60_000)).toBe(true);
    await store.set('b', { value: 2 });
    expect(await store.get('a')).toEqual({ value: 1 });
    expect(await store.get('b')).toEqual({ value: 2 });
    expect(await store.get('c')).toBeUndefined();
  });

  it('a value expires at the end of its own time to live', async () => {
    const store = new MemoryStore();
    await store.set('short', { value: 1 }, 20);
    await store.set('long', { value: 2 }, 60_000);
    await sleep(60);
    expect(await store.get('short')).toBeUndefined();
    expect(await store.get('long')).toEqual({ value: 2 });
  });

  it('of several removals of a key, only the first succeeds', async () => {
    const store = new MemoryStore();
    await store.set('a', { value: 1 });
    const removals = await Promise.all(Array.from({ length: 20 }, () => store.delete('a')));
    expect(removals.filter((removed) => removed)).toHaveLength(1);
    expect(await store.get('a')).toBeUndefined();
  });

  it('a cleared store is empty', async () => {
    const store = new MemoryStore();
    await store.set('a', { value: 1 });
    await store.clear();
    expect(await store.get('a')).toBeUndefined();
  });

  it('a full store drops the values that were not used recently', async () => {
    const store = new MemoryStore();
    await store.set('wanted', { value: 0 });
    for (let index = 0; index < 50_000; index += 1) {
      await store.set(`key-${index}`, { value: index });
      if (index % 1_000 === 0) await store.get('wanted');
    }
    expect(await store.get('key-0')).toBeUndefined();
    expect(await store.get('wanted')).toEqual({ value: 0 });
    expect(await store.get('key-49999')).toEqual({ value: 49_999 });
  });
});
