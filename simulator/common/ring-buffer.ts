/** A list that keeps only its newest items, so that logs do not grow without limit. */
export class RingBuffer<Item> {
  private readonly items: Item[] = [];
  private next = 0;
  private pushed = 0;

  /** @param capacity maximum number of items; the oldest is removed first */
  constructor(private readonly capacity: number) {}

  /** Number of items pushed since the last `clear`, kept or not. */
  get total(): number {
    return this.pushed;
  }

  push(item: Item): void {
    this.items[this.next] = item;
    this.next = (this.next + 1) % this.capacity;
    this.pushed += 1;
  }

  /** Returns the kept items, oldest first. */
  oldestFirst(): Item[] {
    if (this.items.length < this.capacity) return [...this.items];
    return [...this.items.slice(this.next), ...this.items.slice(0, this.next)];
  }

  /** Returns the kept items, newest first, at most `limit` of them. */
  newestFirst(limit = this.capacity): Item[] {
    return this.oldestFirst().reverse().slice(0, limit);
  }

  find(matches: (item: Item) => boolean): Item | undefined {
    return this.items.find(matches);
  }

  clear(): void {
    this.items.length = 0;
    this.next = 0;
    this.pushed = 0;
  }
}
