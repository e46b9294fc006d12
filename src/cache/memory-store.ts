import { EventEmitter } from 'node:events';
import type { KeyvStoreAdapter } from 'keyv';
import { LRUCache } from 'lru-cache';

const MAXIMUM_ENTRIES = 50_000;
const LONGEST_MILLISECONDS = 24 * 60 * 60 * 1000;

/** A Keyv store in this process's memory, with a maximum number of entries: the least recently used are removed. */
export class MemoryStore extends EventEmitter implements KeyvStoreAdapter {
  readonly opts = {};
  private readonly entries = new LRUCache<string, object>({
    max: MAXIMUM_ENTRIES,
    ttl: LONGEST_MILLISECONDS,
  });

  get<Value>(key: string): Promise<Value | undefined> {
    return Promise.resolve(this.entries.get(key) as Value | undefined);
  }

  set(key: string, value: object, ttl = LONGEST_MILLISECONDS): Promise<boolean> {
    this.entries.set(key, value, { ttl });
    return Promise.resolve(true);
  }

  delete(key: string): Promise<boolean> {
    return Promise.resolve(this.entries.delete(key));
  }

  /** Replaces a value in one step. @returns the value that it had. */
  swap(key: string, value: object): object | undefined {
    const previous = this.entries.get(key);
    this.entries.set(key, value);
    return previous;
  }

  /** Deletes a key if it still has this value. */
  deleteIf(key: string, value: object): void {
    if (this.entries.get(key) === value) this.entries.delete(key);
  }

  clear(): Promise<void> {
    this.entries.clear();
    return Promise.resolve();
  }
}
