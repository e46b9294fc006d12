/** A list that keeps only its newest items, so that logs stay bounded however long the simulator runs. */
export class RingBuffer<Item> {
  private readonly items: Item[] = [];
  private next = 0;
  private pushed = 0;

  /** @param capacity how many items are kept; the oldest leaves first */
  constructor(private readonly capacity: number) {}

  /** How many items were ever pushed since the last `clear`, kept or not. */
  get total(): number {
    return this.pushed;
  }

  push(item: Item): void {
    this.items[this.next] = item;
    this.next = (this.next + 1) % this.capacity;
    this.pushed += 1;
  }

  /** The kept items, oldest first. */
  oldestFirst(): Item[] {
    if (this.items.length < this.capacity) return [...this.items];
    return [...this.items.slice(this.next), ...this.items.slice(0, this.next)];
  }

  /** The kept items, newest first, at most `limit` of them. */
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
