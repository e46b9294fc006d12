/** A callback that is scheduled for an instant (milliseconds). */
export interface Due {
  readonly at: number;
  /** Breaks ties: what was scheduled first runs first. */
  readonly sequence: number;
  readonly run: () => void;
}

function before(left: Due, right: Due): boolean {
  return left.at === right.at ? left.sequence < right.sequence : left.at < right.at;
}

/** A priority queue by time. It is a binary heap, because a benchmark schedules hundreds of thousands of expiries. */
export class DueQueue {
  private readonly heap: Due[] = [];

  get size(): number {
    return this.heap.length;
  }

  peek(): Due | undefined {
    return this.heap[0];
  }

  push(due: Due): void {
    let index = this.heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.heap[parent];
      if (above === undefined || before(above, due)) break;
      this.heap[index] = above;
      index = parent;
    }
    this.heap[index] = due;
  }

  /** Removes and returns the item that is due first. */
  pop(): Due | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first === undefined || last === undefined || this.heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const child = this.smallerChild(index);
      const below = this.heap[child];
      if (below === undefined || before(last, below)) break;
      this.heap[index] = below;
      index = child;
    }
    this.heap[index] = last;
    return first;
  }

  clear(): void {
    this.heap.length = 0;
  }

  private smallerChild(index: number): number {
    const left = 2 * index + 1;
    const leftDue = this.heap[left];
    const rightDue = this.heap[left + 1];
    return leftDue !== undefined && rightDue !== undefined && before(rightDue, leftDue) ? left + 1 : left;
  }
}
