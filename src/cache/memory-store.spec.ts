import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryStore } from './memory-store';

describe('MemoryStore', () => {
  it('keeps what it is given under its key', async () => {
    const store = new MemoryStore();
    expect(await store.set('a', { value: 1 }, 60_000)).toBe(true);
    await store.set('b', { value: 2 });
    expect(await store.get('a')).toEqual({ value: 1 });
    expect(await store.get('b')).toEqual({ value: 2 });
    expect(await store.get('c')).toBeUndefined();
  });

  it('forgets a value at the end of its time, and not those that have longer', async () => {
    const store = new MemoryStore();
    await store.set('short', { value: 1 }, 20);
    await store.set('long', { value: 2 }, 60_000);
    await sleep(60);
    expect(await store.get('short')).toBeUndefined();
    expect(await store.get('long')).toEqual({ value: 2 });
  });

  it('says of one removal alone that it took the key out', async () => {
    const store = new MemoryStore();
    await store.set('a', { value: 1 });
    const removals = await Promise.all(Array.from({ length: 20 }, () => store.delete('a')));
    expect(removals.filter((removed) => removed)).toHaveLength(1);
    expect(await store.get('a')).toBeUndefined();
  });

  it('is empty once it is cleared', async () => {
    const store = new MemoryStore();
    await store.set('a', { value: 1 });
    await store.clear();
    expect(await store.get('a')).toBeUndefined();
  });

  it('holds so many values and no more, and drops those that nobody asked for', async () => {
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
