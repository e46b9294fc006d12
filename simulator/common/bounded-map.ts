/** A map that removes its oldest entry when it is full, so that a long benchmark can't exhaust the memory. */
export class BoundedMap<Key, Value> {
  private readonly kept = new Map<Key, Value>();

  /**
   * @param capacity maximum number of entries
   * @param onRemoved called with each value that is removed because the map is full
   */
  constructor(
    private readonly capacity: number,
    private readonly onRemoved: (value: Value) => void = () => undefined,
  ) {}

  get size(): number {
    return this.kept.size;
  }

  get(key: Key): Value | undefined {
    return this.kept.get(key);
  }

  set(key: Key, value: Value): void {
    this.kept.set(key, value);
    if (this.kept.size <= this.capacity) return;
    for (const [oldestKey, oldest] of this.kept) {
      this.kept.delete(oldestKey);
      this.onRemoved(oldest);
      return;
    }
  }

  delete(key: Key): boolean {
    return this.kept.delete(key);
  }

  entries(): IterableIterator<[Key, Value]> {
    return this.kept.entries();
  }

  /** Returns the values in the order in which they were added. */
  values(): IterableIterator<Value> {
    return this.kept.values();
  }

  clear(): void {
    this.kept.clear();
  }
}
